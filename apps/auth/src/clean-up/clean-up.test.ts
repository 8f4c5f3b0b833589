import { DEFAULT_TENANT } from '@postern/database';
import { auth, events } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { anAuth } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const house = await anAuth();
const { tokens, people, clock, sql } = house;
const HOUR = 3_600_000;

/** Runs the job once, as `tasks` does. */
async function cleanUp() {
  const attempt = { id: v7(), name: 'auth.clean_expired', args: '{}', attempt: 1, deadline_ms: 60_000, tenant: '' };
  return house.jobs.run(attempt, house.asService(DEFAULT_TENANT, 'tasks'));
}

const count = async (table: string) =>
  (await sql<{ n: number }>(`select count(*)::int as n from ${table}`)).map(({ n }) => n)[0];

/** A superuser of a new tenant, with a token. */
async function aToken(given: object) {
  const { tenant } = aTenant();
  const person = people.add(tenant, 'admin', { superuser: true });
  const call = () => house.asUser(tenant, person);
  const token = await tokens.createToken(
    { token: { identifier: 'one', intent: 'api', expiring: true, user: person.pk, ...given } },
    call(),
  );
  const key = async () => (await tokens.viewTokenKey({ identifier: 'one' }, call())).key;
  return { tenant, call, token, key };
}

const resolve = (tenant: string, bearer: string) =>
  house.principals.resolvePrincipal({ bearer }, house.asService(tenant, 'gateway'));

it('is told to tasks as the task of the contract', async () => {
  const { kinds } = await house.jobs.listJobs({}, house.asService(DEFAULT_TENANT, 'tasks'));
  expect(kinds).toContainEqual(
    expect.objectContaining({
      name: 'auth.clean_expired',
      task: 'clean_expired_models',
      description: 'Remove expired objects',
      cron: '2-59/5 * * * *',
    }),
  );
});

it('gives a token for the API another secret and half an hour, in its own tenant, and tells of it', async () => {
  const [one, other] = [await aToken({}), await aToken({})];
  const old = [await one.key(), await other.key()];
  await sql('update token set expires = $1', [clock.now()]);
  const { status, messages, error } = await cleanUp();
  expect({ status, error }).toEqual({ status: 'successful', error: '' });
  expect(messages).toContain('Expired 2 Tokens');
  for (const [index, { tenant, call, token, key }] of [one, other].entries()) {
    const fresh = await key();
    expect(fresh).not.toBe(old[index]);
    await expect(resolve(tenant, old[index] ?? '')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await resolve(tenant, fresh)).via).toBe('api_token');
    const { expires } = await tokens.getToken({ identifier: 'one' }, call());
    expect(new Date(expires ?? 0).getTime()).toBe(clock.now().getTime() + HOUR / 2);
    const [rotated] = await house.published(tenant, 'auth.v1.token.rotated', auth.TokenRotated);
    expect(rotated).toMatchObject({ payload: { pk: token.pk, identifier: 'one' }, actor: undefined });
    expect(JSON.stringify(rotated)).not.toContain(fresh);
  }
});

it('deletes other tokens, tells of it, and leaves those alone that do not end', async () => {
  const gone = await aToken({ intent: 'app_password' });
  const stays = await aToken({ expiring: false });
  const before = await stays.key();
  clock.advance(HOUR);
  await cleanUp();
  await expect(tokens.getToken({ identifier: 'one' }, gone.call())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await stays.key()).toBe(before);
  const [deleted] = await house.published(gone.tenant, 'auth.v1.token.deleted', events.ModelChanged);
  expect(deleted?.payload.pk).toBe(gone.token.pk);
});

it('ends sessions with the fact that ends what hangs on them, and forgets plans', async () => {
  const person = people.add(DEFAULT_TENANT, 'visitor');
  const password = 'correct horse battery staple';
  await house.credentials.setUserPassword({ user: factsOf(person), password }, house.asService(DEFAULT_TENANT));
  const browser = house.browser(DEFAULT_TENANT);
  await browser.signIn('visitor', password);
  await house.browser(DEFAULT_TENANT).call('default-authentication-flow');
  const { session } = await browser.resolve();
  await cleanUp();
  expect((await browser.resolve()).session).toBe(session);
  expect(await count('flow_plan')).toBeGreaterThan(0);
  clock.advance(15 * 24 * HOUR);
  const { messages } = await cleanUp();
  expect(messages).toContain('Expired 1 Authenticated Sessions');
  expect([await count('session'), await count('flow_plan')]).toEqual([0, 0]);
  await expect.poll(() => house.endedSessions(session)).toHaveLength(1);
  const [ended] = house.endedSessions(session);
  expect(auth.SessionEnded.decode(ended?.payload ?? new Uint8Array())).toMatchObject({ reason: 'expired' });
});

it('forgets consents that were given for a time', async () => {
  const { tenant } = aTenant();
  const at = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds);
  await sql(
    `insert into account (tenant_id, pk, uuid, username, type, is_active)
     select $1, n, gen_random_uuid(), 'user ' || n, 'internal', true from generate_series(1, 3) as n`,
    [tenant],
  );
  await sql(
    `insert into user_consent (tenant_id, user_pk, application, expires)
     values ($1, 1, gen_random_uuid(), $2), ($1, 2, gen_random_uuid(), $3), ($1, 3, gen_random_uuid(), null)`,
    [tenant, at(-1), at(HOUR)],
  );
  expect((await cleanUp()).messages).toContain('Expired 1 User Consents');
  expect(await sql('select user_pk from user_consent where tenant_id = $1 order by 1', [tenant])).toEqual([
    { user_pk: 2 },
    { user_pk: 3 },
  ]);
});

it('says of each kind how many there were, also where nothing ends', async () => {
  const { messages } = await cleanUp();
  const kinds = ['Authenticated Sessions', 'Tokens', 'User Consents', 'Flow Plans'];
  expect(messages).toEqual(expect.arrayContaining(kinds.map((plural) => `Expired 0 ${plural}`)));
  expect(messages.filter((message) => !message.startsWith('Expired 0 '))).toEqual([]);
});
