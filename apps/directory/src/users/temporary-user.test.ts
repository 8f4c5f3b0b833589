import { randomUUID } from 'node:crypto';
import { createLogger } from '@postern/observability';
import { directory } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const { as, clock, facts, jobs, tenant, users } = await servedDirectory();
const [job] = jobs;
const seconds = (from: number) => Math.floor(clock.now().getTime() / 1000) + from;

/** Makes a user with these properties. */
async function add(of: string, username: string, attributes: object): Promise<number> {
  const user = { username, name: username, groups: [], email: '', path: 'users', type: 'internal', is_active: true };
  return (await users.createUser({ user: { ...user, attributes } }, as(of))).pk;
}

async function run(): Promise<string[] | undefined> {
  const log = createLogger({ level: 'silent' });
  const { signal } = new AbortController();
  const attempt = { tenant: '', id: randomUUID(), attempt: 1, signal, log, progress: () => undefined };
  return (await job?.run({}, attempt))?.messages;
}

const temporary = (expires: unknown, generated: unknown = true) => ({
  'goauthentik.io/user/generated': generated,
  'goauthentik.io/user/expires': expires,
});

describe('users whom a source made for one visit', () => {
  it('go when their time has passed, in every tenant, and others hear of it', async () => {
    const [one, other] = [tenant(), tenant()];
    const gone = await add(one, 'visitor', temporary(seconds(-1)));
    await add(other, 'visitor', temporary(seconds(-60)));
    expect(await run()).toEqual(['Successfully deleted 2 users.']);
    await expect(users.getUser({ id: gone }, as(one))).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    const last = (await facts(one)).at(-1);
    expect(last?.subject).toBe('directory.v1.user.deleted');
    expect(directory.UserDeleted.decode(last?.payload ?? new Uint8Array()).user).toMatchObject({ pk: gone });
  });

  it.each([
    ['whose time has not come', temporary(4_000_000_000)],
    ['who were not made by a source', temporary(1, false)],
    ['who are only said to be', temporary(1, 'true')],
    ['whose end is no number', temporary('1')],
    ['whose end no calendar knows', temporary(1e300)],
    ['who have no end', { 'goauthentik.io/user/generated': true }],
    ['without properties', {}],
  ])('stay: those %s', async (_who, attributes) => {
    const of = tenant();
    const pk = await add(of, 'somebody', attributes);
    expect(await run()).toEqual(['Successfully deleted 0 users.']);
    expect((await users.getUser({ id: pk }, as(of))).pk).toBe(pk);
  });
});
