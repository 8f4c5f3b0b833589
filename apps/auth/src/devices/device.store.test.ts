import { expect, it } from 'vitest';
import { aDeviceStore } from './devices.fixture.ts';

const { store, write, add, sql, clock, tenant, db } = await aDeviceStore([1, 2]);
const SECOND = 1000;

async function aDevice(given: Parameters<typeof add>[0] = {}) {
  const device = await add(given);
  if (device === undefined) throw new Error('the natural key is taken');
  return device;
}

it('refuses a second device of a class with the same natural key, and records nothing of it', async () => {
  await aDevice({ class: 'webauthn', naturalKey: 'credential-1', name: 'first' });
  expect(await add({ class: 'webauthn', naturalKey: 'credential-1', user: 2 })).toBeUndefined();
  expect(await add({ class: 'duo', naturalKey: 'credential-1', user: 2 })).toBeDefined();
  expect((await store.byNaturalKey(tenant, 'webauthn', 'credential-1'))?.name).toBe('first');
  const facts = await sql("select 1 from outbox where subject = 'auth.v1.device.created'");
  expect(facts).toHaveLength(2);
});

it('shows no device to another tenant, and no unconfirmed one to anybody', async () => {
  await aDevice({ user: 2, confirmed: false, name: 'not yet' });
  const { pk } = await aDevice({ user: 2, name: 'mine' });
  expect((await store.ofUser(tenant, 2)).map(({ name }) => name)).toEqual(['A device', 'mine']);
  const elsewhere = '00000000-0000-4000-8000-0000000000ff';
  expect(await store.ofUser(elsewhere, 2)).toEqual([]);
  expect(await db.write({ tenant: elsewhere }, (em) => store.succeeded(em, pk))).toBe(false);
});

it('keeps secrets sealed and codes as hashes', async () => {
  const { pk, secret } = await aDevice({ secret: 'THE SECRET', codes: ['code-1'] });
  expect(secret).toBe('THE SECRET');
  const rows = await sql(
    'select d::text as device, c::text as code from device d join device_code c on c.device = d.pk',
  );
  expect(JSON.stringify(rows)).not.toMatch(/THE SECRET|code-1/);
  expect((await store.ofUser(tenant, 1)).find((device) => device.pk === pk)?.secret).toBe('THE SECRET');
});

it('accepts a time step once, and none before it, whoever asks at once', async () => {
  const { pk } = await aDevice({ lastStep: 10 });
  expect(await write((em) => store.takeStep(em, pk, 10))).toBe(false);
  const attempts = Array.from({ length: 20 }, () => write((em) => store.takeStep(em, pk, 11)));
  expect((await Promise.all(attempts)).filter(Boolean)).toEqual([true]);
  expect(await write((em) => store.takeStep(em, pk, 9))).toBe(false);
});

it('accepts a code once, of its own device only, whoever asks at once', async () => {
  const { pk } = await aDevice({ class: 'static', codes: ['one', 'two'] });
  const other = await aDevice({ class: 'static', codes: ['three'] });
  expect(await store.withCode(tenant, [other.pk], 'one')).toBeUndefined();
  expect(await store.withCode(tenant, [pk, other.pk], 'one')).toBe(pk);
  expect(await write((em) => store.takeCode(em, other.pk, 'one'))).toBe(false);
  const attempts = Array.from({ length: 20 }, () => write((em) => store.takeCode(em, pk, 'one')));
  expect((await Promise.all(attempts)).filter(Boolean)).toEqual([true]);
  expect(await store.withCode(tenant, [pk], 'one')).toBeUndefined();
  expect(await write((em) => store.takeCode(em, pk, 'ONE'))).toBe(false);
  expect(await write((em) => store.takeCode(em, pk, 'two'))).toBe(true);
});

it('takes no answer for 2^(n-1) seconds after n wrong ones, not even a right one, and counts none of them', async () => {
  const { pk } = await aDevice();
  const failed = () => write((em) => store.failed(em, [pk]));
  for (const wait of [1, 2, 4, 8]) {
    await Promise.all([failed(), failed(), failed()]);
    clock.advance(wait * SECOND - 1);
    expect(await write((em) => store.mayTry(em, pk))).toBe(false);
    expect(await write((em) => store.succeeded(em, pk))).toBe(false);
    expect(await write((em) => store.takeStep(em, pk, 1))).toBe(false);
    clock.advance(1);
    expect(await write((em) => store.mayTry(em, pk))).toBe(true);
  }
  expect(await write((em) => store.succeeded(em, pk, { data: { count: 1 } }))).toBe(true);
  await failed();
  clock.advance(SECOND);
  expect(await write((em) => store.mayTry(em, pk))).toBe(true);
});

it('makes nobody wait for the first wrong answers that are free, and for the next one as long as if they were not', async () => {
  const { pk } = await aDevice();
  const failed = () => write((em) => store.failed(em, [pk], 2));
  for (const _ of [1, 2]) {
    await failed();
    expect(await store.isWaiting(tenant, [pk])).toBe(false);
  }
  await failed();
  clock.advance(4 * SECOND - 1);
  expect(await store.isWaiting(tenant, [pk])).toBe(true);
  clock.advance(1);
  expect(await store.isWaiting(tenant, [pk])).toBe(false);
});

it('merges what a class keeps, and notes when the device was used', async () => {
  const { pk } = await aDevice({ user: 2, data: { a: 1, b: 1 }, name: 'used' });
  await write((em) => store.touch(em, pk, { data: { b: 2 } }));
  const [device] = (await store.ofUser(tenant, 2)).filter((one) => one.pk === pk);
  expect(device).toMatchObject({ data: { a: 1, b: 2 }, lastUsed: clock.now() });
});

it('goes with its account', async () => {
  await sql('delete from account where pk = 2');
  expect(await sql('select 1 from device where user_pk = 2')).toEqual([]);
});
