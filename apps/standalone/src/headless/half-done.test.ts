import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const PASSWORD = 'a long walk in the hills';
await house.sql(`create function public.away() returns trigger language plpgsql as $$
  begin raise exception 'away'; end $$`);

/** What can go in the middle of a visit: tables, and what nobody can do with them any more. */
const LOSSES = {
  session: ['auth.headless_session', 'insert or update'],
  account: ['auth.account', 'insert or update'],
  directory: ['directory.user_account', 'delete'],
  mailboxes: ['directory.email_address', 'update'],
} as const;
type Loss = keyof typeof LOSSES;

async function lose(...losses: readonly Loss[]): Promise<void> {
  for (const loss of losses) {
    const [table, what] = LOSSES[loss];
    await house.sql(`create trigger away before ${what} on ${table} for each row execute function public.away()`);
  }
}

async function recover(): Promise<void> {
  for (const [table] of Object.values(LOSSES)) await house.sql(`drop trigger if exists away on ${table}`);
}

const BY_CODE = {
  signup_open: true,
  email_verification: 'mandatory',
  email_verification_by_code_enabled: true,
} as const;

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
});
afterEach(recover);

const newcomer = () => {
  const username = `half-${randomUUID().slice(0, 8)}`;
  return { username, email: `${username}@example.com`, password: PASSWORD };
};

/** What there is of somebody, in all services. */
async function leftOf({ username, email }: { username: string; email: string }) {
  const count = (from: string, value: string) =>
    house.sql<{ n: number }>(`select count(*)::int as n from ${from} = $1`, [value]);
  const rows = await Promise.all([
    count('directory.user_account where username', username),
    count('directory.email_address where email', email),
    count('auth.account where username', username),
  ]);
  return rows.map(([row]) => row?.n);
}
const NOTHING = [0, 0, 0];

/** Sends a request past what the documents say, which hold no word of what goes wrong with us. */
async function statusOf(path: string, body: object, token = ''): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(token !== '' && { 'x-session-token': token }) };
  return (await fetch(`${house.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

const APP = '/_allauth/app/v1';
const asApp = (given: object) => statusOf(`${APP}/auth/signup`, given);
const asRest = (given: object) =>
  statusOf('/api/auth/registration/', { ...given, password1: PASSWORD, password2: PASSWORD });
const WAYS = [
  ['an app', {}, asApp],
  ['an app that waits for a code', BY_CODE, asApp],
  ['a REST client', {}, asRest],
] as const;

/** Services tell one another what is gone. */
const untilGone = (given: { username: string; email: string }) =>
  vi.waitFor(async () => expect(await leftOf(given)).toEqual(NOTHING), { timeout: 30_000, interval: 50 });

it.each(WAYS)('a sign-up by %s that cannot be stored leaves nothing, and works afterwards', async (_who, set, ask) => {
  await house.set({ signup_open: true, ...set });
  const given = newcomer();
  for (const loss of ['session', 'account'] as const) {
    await lose(loss);
    expect(await ask(given)).toBeGreaterThanOrEqual(500);
    expect((await leftOf(given)).slice(0, 2)).toEqual([0, 0]);
    await recover();
    await untilGone(given);
  }
  await house.forgetRates();
  expect([200, 201, 401]).toContain(await ask(given));
  expect((await leftOf(given))[0]).toBe(1);
});

it.each(WAYS)(
  'nor does one by %s when the directory goes meanwhile, once it is back',
  async (_who, set, ask) => {
    await house.set({ signup_open: true, ...set });
    const given = newcomer();
    await lose('session', 'account', 'directory');
    expect(await ask(given)).toBeGreaterThanOrEqual(500);
    expect((await leftOf(given))[0]).toBe(1);
    await recover();
    await untilGone(given);
    await house.forgetRates();
    expect([200, 201, 401]).toContain(await ask(given));
  },
  60_000,
);

it('a code is still to be given when the directory could not note it, and nobody is signed in meanwhile', async () => {
  await house.set(BY_CODE);
  const [app, given] = [house.app(), newcomer()];
  expect((await app.post('/auth/signup', given)).status).toBe(401);
  const [key = ''] = /\b[B-Z]{4}-[B-Z]{4}\b/.exec((await house.mailTo(given.email)).text) ?? [];
  await lose('mailboxes');
  expect(await statusOf(`${APP}/auth/email/verify`, { key }, app.token)).toBeGreaterThanOrEqual(500);
  expect((await app.get('/auth/session')).status).toBe(401);
  await recover();
  expect((await app.post('/auth/email/verify', { key })).status).toBe(200);
});
