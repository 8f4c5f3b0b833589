import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type HeadlessReply, headlessHouse } from './headless-house.fixture.ts';

// Connections are as many as they are where nobody says otherwise: ten for each service.
const house = await headlessHouse();
const MANY = 200;
/** Longer than anybody waits for a connection. */
const SECONDS = 6;
/** Between two requests of the bystander: without it they take all of a processor, and tell no more. */
const PAUSE_MS = 25;
const NOBODY = { username: 'nobody', password: 'wrong' };

/** Holds the lock of all rows of a table. */
async function locked(table: string) {
  const rows = `select count(*) from (select 1 from auth.${table} for update) as rows`;
  void house.sql(`select pg_sleep(${SECONDS}) from (${rows}) as locked`);
  while ((await house.sql("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).length === 0);
}

/** What so many requests are answered, and what somebody else is meanwhile, whose session nobody touches. */
async function atOnce(request: (index: number) => Promise<HeadlessReply>, within: () => unknown = () => undefined) {
  const { username, password } = await house.person();
  const bystander = house.app();
  expect((await bystander.post('/auth/login', { username, password })).status).toBe(200);
  await within();
  let isOver = false;
  const all = Promise.allSettled(Array.from({ length: MANY }, (_, index) => request(index))).finally(() => {
    isOver = true;
  });
  const seen = new Set<unknown>();
  // An answer that is not documented, such as 503, is an error.
  while (!isOver) {
    seen.add(await bystander.get('/auth/session').then(({ status }) => status, String));
    await sleep(PAUSE_MS);
  }
  const statuses: Record<string, number> = {};
  for (const one of await all) {
    const name = one.status === 'fulfilled' ? one.value.status : String(one.reason);
    statuses[name] = (statuses[name] ?? 0) + 1;
  }
  return { statuses, seen: [...seen] };
}

describe('two hundred requests of as many sessions', () => {
  it.each(['headless_rate', 'attempt_budget'])(
    'that wait for one lock keep no connection from others (%s)',
    async (table) => {
      await house.set({ rate_limits: { login: '10000/m/ip', login_failed: '' } });
      await house.app().post('/auth/login', NOBODY);
      const done = await atOnce(
        () => house.app().post('/auth/login', NOBODY),
        () => locked(table),
      );
      expect(done).toEqual({ statuses: { 400: MANY }, seen: [200] });
    },
    60_000,
  );

  it('that sign up with one name make one account, and keep no connection from others', async () => {
    await house.set({ signup_open: true, email_verification: 'none', rate_limits: { signup: '', login: '' } });
    const password = 'a long walk in the hills';
    const done = await atOnce((index) =>
      house.app().post('/auth/signup', { username: 'the-same', email: `one-${index}@example.com`, password }),
    );
    expect(done).toEqual({ statuses: { 200: 1, 400: MANY - 1 }, seen: [200] });
  });
});
