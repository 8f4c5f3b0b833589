import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@postern/database';
import { aTenant, mmdbOf } from '@postern/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'postern-sessions-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const places = join(folder, 'city.mmdb');
const somewhere = {
  continent: { code: 'EU' },
  country: { iso_code: 'GB' },
  location: { latitude: 51.5, longitude: -0.5 },
};
await writeFile(places, mmdbOf({ '192.0.2.0/24': somewhere }));

const house = await anAuth({ POSTERN_GEOIP__CITY: places });
const { sessions, people } = house;
const PASSWORD = 'correct horse battery staple';

/** Somebody who signed in, with the call that their browser makes. */
async function aVisitor(username: string, given: object = {}) {
  const person = people.add(DEFAULT_TENANT, username, given);
  await house.credentials.setUserPassword(
    { user: factsOf(person), password: PASSWORD },
    house.asService(DEFAULT_TENANT),
  );
  const browser = house.browser(DEFAULT_TENANT);
  await browser.signIn(username, PASSWORD);
  const { principal } = await browser.resolve();
  const call = house.as(house.sealer.openPrincipal(principal));
  const { results } = await sessions.listAuthenticatedSessions({ user_username: username }, call);
  return { person, browser, call, uuid: results[0]?.uuid ?? '', key: (await browser.resolve()).session };
}

describe('the session of somebody else', () => {
  it('does not exist for those who are not superusers, nor in another tenant', async () => {
    const [owner, stranger] = [await aVisitor('owner'), await aVisitor('stranger')];
    const { tenant } = aTenant();
    const elsewhere = house.asUser(tenant, people.add(tenant, 'root', { superuser: true }));
    for (const call of [stranger.call, elsewhere]) {
      await refusal(sessions.getAuthenticatedSession({ uuid: owner.uuid }, call), { code: 'NOT_FOUND' });
      await refusal(sessions.deleteAuthenticatedSession({ uuid: owner.uuid }, call), { code: 'NOT_FOUND' });
      await refusal(sessions.listAuthenticatedSessionUsedBy({ uuid: owner.uuid }, call), { code: 'NOT_FOUND' });
    }
    const { results } = await sessions.listAuthenticatedSessions({}, stranger.call);
    expect(results.map(({ user }) => user)).toEqual([stranger.person.pk]);
    expect((await owner.browser.resolve()).via).toBe('session');
  });

  it('is no business of anonymous callers, and a wrong key is no error of ours', async () => {
    const { call } = await aVisitor('asking');
    const nobody = house.as({ kind: 'anonymous', tenant: DEFAULT_TENANT });
    await refusal(sessions.listAuthenticatedSessions({}, nobody), { code: 'UNAUTHENTICATED' });
    await refusal(sessions.getAuthenticatedSession({ uuid: 'no-uuid' }, call), { code: 'NOT_FOUND' });
    await refusal(house.sessionDirectory.getSessionFacts({ session: 'x' }, call), { code: 'PERMISSION_DENIED' });
  });
});

describe('a session', () => {
  it('shows itself as the contract does, without its key', async () => {
    const { call, uuid, person, key } = await aVisitor('shown');
    const session = await sessions.getAuthenticatedSession({ uuid }, call);
    expect(session).toMatchObject({
      uuid,
      current: true,
      user: person.pk,
      last_ip: '192.0.2.1',
      geo_ip: { continent: 'EU', country: 'GB', lat: 51.5, long: -0.5, city: '' },
      user_agent: {
        user_agent: { family: 'Firefox', major: '128', minor: '0' },
        os: { family: 'Linux' },
        device: { family: 'Other' },
      },
    });
    expect(JSON.stringify(session)).not.toContain(key);
  });

  it('is where its address is, as far as that is known', async () => {
    const { call, uuid } = await aVisitor('nowhere');
    await house.sql("update session set last_ip = '203.0.113.9' where pk = $1", [uuid]);
    expect((await sessions.getAuthenticatedSession({ uuid }, call)).geo_ip).toBeUndefined();
  });

  it('ends at once when it is deleted, by its owner or by a superuser', async () => {
    const admin = await aVisitor('boss', { superuser: true });
    const [mine, theirs] = [await aVisitor('mine'), await aVisitor('theirs')];
    await sessions.deleteAuthenticatedSession({ uuid: mine.uuid }, mine.call);
    await sessions.deleteAuthenticatedSession({ uuid: theirs.uuid }, admin.call);
    for (const { browser } of [mine, theirs]) expect((await browser.resolve()).via).toBe('');
    const { results } = await sessions.listAuthenticatedSessions({ search: 'boss 192.0.2' }, admin.call);
    expect(results.map(({ uuid, current }) => [uuid, current])).toEqual([[admin.uuid, true]]);
  });

  it('notes its last use once a minute', async () => {
    const { browser, key } = await aVisitor('used');
    const now = house.clock.now();
    const usedAgo = (seconds: number) =>
      house.sql('update session set last_used = $2 where key = $1', [key, new Date(now.getTime() - seconds * 1000)]);
    const lastUsed = async () =>
      (await house.sql<{ last_used: Date }>('select last_used from session where key = $1', [key]))[0]?.last_used;
    await usedAgo(59);
    await browser.resolve();
    expect(await lastUsed()).not.toEqual(now);
    await usedAgo(60);
    await Promise.all(Array.from({ length: 5 }, () => browser.resolve()));
    expect(await lastUsed()).toEqual(now);
  });

  it('tells services who is signed in, since when and how, until it is over', async () => {
    const { key, browser, person } = await aVisitor('facts');
    const service = house.asService(DEFAULT_TENANT, 'providers');
    expect(await house.sessionDirectory.getSessionFacts({ session: key }, service)).toMatchObject({
      session: key,
      user: { pk: person.pk },
      methods: ['password'],
      amr: ['pwd'],
    });
    await house.sessionDirectory.endSession({ session: key }, service);
    await house.sessionDirectory.endSession({ session: key }, service);
    await refusal(house.sessionDirectory.getSessionFacts({ session: key }, service), { code: 'NOT_FOUND' });
    expect((await browser.resolve()).via).toBe('');
  });

  it('is told to be over once, however many end it at the same time', async () => {
    const { key, person } = await aVisitor('raced');
    const as = house.asService(DEFAULT_TENANT, 'providers');
    await Promise.all(Array.from({ length: 6 }, () => house.sessionDirectory.endSession({ session: key }, as)));
    await house.tell(DEFAULT_TENANT, 'deleted', person);
    await expect.poll(() => house.sql('select 1 from account where pk = $1', [person.pk])).toEqual([]);
    expect(house.endedSessions(key)).toHaveLength(1);
  });
});
