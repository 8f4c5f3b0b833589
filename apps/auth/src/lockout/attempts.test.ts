import { createMetrics } from '@postern/observability';
import { aTenant, fakeClock, testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import type { Attempt } from '../stages/index.ts';
import { createAttempts } from './attempts.operations.ts';
import { createDevices, DEVICE_COOKIE } from './device.cookie.ts';
import { LOCKOUT_MIGRATIONS } from './lockout.migrations.ts';
import type { LockoutSettings } from './lockout.settings.ts';

const { db, sql } = await testDatabase({ schema: 'auth', entities: [], migrations: LOCKOUT_MIGRATIONS });
const MINUTE = 60_000;
const budget = { user: 10, address: 40, device: 4, window: 15 * MINUTE };
const settings: LockoutSettings = {
  password: budget,
  code: budget,
  message: budget,
  recovery: { ...budget, user: 2 },
  userCode: budget,
  deviceRequest: { ...budget, user: 0 },
  ipv4Prefix: 24,
  ipv6Prefix: 64,
  exempt: ['10.0.0.0/8'],
  deviceLife: 1000 * MINUTE,
};

function aLockout(changes: Partial<LockoutSettings> = {}) {
  const { tenant } = aTenant();
  const clock = fakeClock(new Date('2026-01-01T00:00:00Z'));
  const all = { ...settings, ...changes };
  const devices = createDevices({ secrets: ['a secret of this test'], lifeMs: all.deviceLife, clock });
  const attempts = createAttempts({
    database: db,
    devices,
    settings: all,
    secret: 's',
    clock,
    metrics: createMetrics(),
  });
  const attempt = (given: Partial<Attempt> & { address?: string; cookie?: string }): Attempt => ({
    kind: 'password',
    user: 7,
    client: {
      address: given.address ?? '203.0.113.9',
      cookies: given.cookie === undefined ? undefined : { [DEVICE_COOKIE]: given.cookie },
    },
    ...given,
  });
  const tryIt = (given: Parameters<typeof attempt>[0] = {}) => attempts.reserve(tenant, attempt(given));
  const tries = async (times: number, given: Parameters<typeof attempt>[0] = {}) =>
    (await Promise.all(Array.from({ length: times }, () => tryIt(given)))).filter((one) => one === 'allowed').length;
  return {
    tenant,
    clock,
    tryIt,
    tries,
    succeed: (given: Parameters<typeof attempt>[0] = {}) =>
      db.write({ tenant }, (em) => attempts.succeeded(em, tenant, attempt(given))),
    cookie: async (user: number, cookie?: string, of = tenant) =>
      (await devices.remember(of, user, { ...attempt({ cookie }).client, scheme: 'https' })).value,
  };
}

it('looks at exactly as many of 500 attempts at once as there may be', async () => {
  const { tries } = aLockout();
  expect(await tries(500)).toBe(10);
  expect(await tries(20)).toBe(0);
});

it('looks at no more than one network may try, however many accounts it tries', async () => {
  const { tries, tryIt } = aLockout();
  const each = await Promise.all(Array.from({ length: 60 }, (_, user) => tries(2, { user: user + 100 })));
  expect(each.reduce((sum, one) => sum + one)).toBe(40);
  expect(await tryIt({ user: 1, address: '203.0.113.250' })).toBe('refused');
  expect(await tryIt({ user: 1, address: '203.0.114.1' })).toBe('allowed');
});

it('does not let a network that is refused use up what is left of an account', async () => {
  const { tries } = aLockout();
  await tries(100, { user: undefined, name: 'somebody' });
  await Promise.all(Array.from({ length: 4 }, (_, one) => tries(10, { user: undefined, name: `name ${one}` })));
  expect(await tries(50, { user: 7 })).toBe(0);
  expect(await tries(50, { user: 7, address: '198.51.100.1' })).toBe(10);
});

it('does not let an account that is refused use up what is left of its network', async () => {
  const { tries } = aLockout();
  expect(await tries(500)).toBe(10);
  const each = await Promise.all(Array.from({ length: 29 }, (_, user) => tries(1, { user: user + 100 })));
  expect(each.reduce((sum, one) => sum + one)).toBe(29);
});

it('counts a name that nobody has like an account, however it is written, and keeps it unreadable', async () => {
  const { tries } = aLockout();
  expect(await tries(6, { user: undefined, name: 'Nobody' })).toBe(6);
  expect(await tries(6, { user: undefined, name: ' nobody', address: '198.51.100.1' })).toBe(4);
  const keys = JSON.stringify(await sql('select key from attempt_budget'));
  expect(keys).not.toMatch(/nobody/i);
});

it('does not lock out a device that has signed in before, whatever strangers do', async () => {
  const { tries, cookie } = aLockout();
  const device = await cookie(7);
  expect(await tries(200)).toBe(10);
  expect(await tries(20, { cookie: device })).toBe(4);
});

it('takes a device for known by no account but those that signed in with it, and in no other tenant', async () => {
  const { tries, cookie } = aLockout();
  const other = aTenant().tenant;
  await tries(200);
  expect(await tries(5, { cookie: await cookie(8) })).toBe(0);
  expect(await tries(5, { cookie: await cookie(7, undefined, other) })).toBe(0);
  expect(await tries(5, { cookie: `${await cookie(7)}x` })).toBe(0);
  expect(await tries(5, { cookie: await cookie(8, await cookie(7)) })).toBe(4);
});

it('forgets a device after its time', async () => {
  const { tries, cookie, clock } = aLockout();
  const device = await cookie(7);
  clock.advance(1001 * MINUTE);
  await tries(10);
  expect(await tries(5, { cookie: device })).toBe(0);
});

it('gives the devices of an account a budget together, so that signing in a hundred times gains nothing', async () => {
  const { tries, cookie } = aLockout();
  const devices = await Promise.all(Array.from({ length: 10 }, () => cookie(7)));
  const each = await Promise.all(devices.map((device) => tries(4, { cookie: device })));
  expect(each.reduce((sum, one) => sum + one)).toBe(20);
});

it('lets attempts come back one by one, as time goes by', async () => {
  const { tries, clock } = aLockout();
  await tries(10);
  clock.advance(1.4 * MINUTE);
  expect(await tries(5)).toBe(0);
  clock.advance(0.2 * MINUTE);
  expect(await tries(5)).toBe(1);
  clock.advance(15 * MINUTE);
  expect(await tries(50)).toBe(10);
});

it('is not kept locked by attempts that were refused', async () => {
  const { tries, clock } = aLockout();
  await tries(10);
  for (let minute = 0; minute < 5; minute += 1) {
    clock.advance(0.3 * MINUTE);
    await tries(20);
  }
  clock.advance(15 * MINUTE);
  expect(await tries(50)).toBe(10);
});

it('gives a successful attempt back, and starts the own device anew', async () => {
  const { tries, tryIt, succeed, cookie } = aLockout();
  for (let round = 0; round < 100; round += 1) {
    expect(await tryIt()).toBe('allowed');
    await succeed();
  }
  expect(await tries(50)).toBe(10);
  await succeed();
  expect(await tries(50)).toBe(1);
  const device = await cookie(7);
  await tries(3, { cookie: device });
  await succeed({ cookie: device });
  expect(await tries(10, { cookie: device })).toBe(4);
});

it('counts passwords, codes and recovery mails apart', async () => {
  const { tries } = aLockout();
  expect(await tries(50)).toBe(10);
  expect(await tries(50, { kind: 'code' })).toBe(10);
  expect(await tries(50, { kind: 'recovery' })).toBe(2);
});

it('counts in each tenant apart', async () => {
  await aLockout().tries(50);
  expect(await aLockout().tries(50)).toBe(10);
});

it('counts no network that is exempt, and nothing whose limit is 0', async () => {
  const { tries } = aLockout();
  const each = await Promise.all(
    Array.from({ length: 60 }, (_, user) => tries(1, { user: user + 100, address: '10.1.2.3' })),
  );
  expect(each.reduce((sum, one) => sum + one)).toBe(60);
  const off = aLockout({ password: { ...budget, user: 0, address: 0 } });
  expect(await off.tries(100)).toBe(100);
});
