import { DEFAULT_TENANT } from '@postern/database';
import { auth } from '@postern/proto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const house = await anAuth();
const PASSWORD = 'correct horse battery staple';

async function aMember(username: string, given: object = {}) {
  const person = house.people.add(DEFAULT_TENANT, username, given);
  const request = { user: factsOf(person), password: PASSWORD };
  await house.credentials.setUserPassword(request, house.asService(DEFAULT_TENANT));
  return person;
}

async function signedIn(username: string) {
  const browser = house.browser(DEFAULT_TENANT);
  const answer = await browser.signIn(username, PASSWORD);
  expect(answer).toMatchObject({ to: '/' });
  return browser;
}

describe('signing in', () => {
  it('refuses a wrong password and leaves no session', async () => {
    const { pk } = await aMember('wrong');
    const browser = house.browser(DEFAULT_TENANT);
    expect(await browser.signIn('wrong', 'a guess')).toMatchObject({ component: 'ak-stage-password' });
    expect((await browser.resolve()).via).toBe('');
    expect(await house.sql('select 1 from session where user_pk = $1', [pk])).toEqual([]);
  });

  it('refuses somebody who was deactivated, although this service has not heard of it', async () => {
    const person = await aMember('stale');
    person.is_active = false;
    const browser = house.browser(DEFAULT_TENANT);
    expect(await browser.signIn('stale', PASSWORD)).toMatchObject({ component: 'ak-stage-password' });
    expect((await browser.resolve()).via).toBe('');
  });

  it('gives the session a new secret, and the old one opens nothing', async () => {
    await aMember('rotated');
    const browser = house.browser(DEFAULT_TENANT);
    await browser.call('default-authentication-flow');
    const planted = browser.jar.cookie;
    await browser.signIn('rotated', PASSWORD);
    expect(browser.jar.cookie).not.toBe(planted);
    const attacker = house.browser(DEFAULT_TENANT);
    attacker.jar.cookie = planted;
    expect((await attacker.resolve()).via).toBe('');
    expect(await browser.resolve()).toMatchObject({ via: 'session', user: { username: 'rotated' } });
  });

  it('keeps nothing that could be turned into the cookie', async () => {
    const { pk } = await aMember('hashed');
    const browser = await signedIn('hashed');
    const { sid, sub, iss, authenticated, acr } = decodeJwt<Record<string, unknown>>(browser.jar.cookie ?? '');
    expect({ sub, iss, authenticated, acr }).toEqual({
      sub: `uid-${pk}`,
      iss: 'authentik',
      authenticated: true,
      acr: 'goauthentik.io/core/default',
    });
    const rows = await house.sql('select s::text as text from session s union all select envelope::text from outbox');
    expect(JSON.stringify(rows)).not.toContain(sid);
  });

  it('tells who signed in, how and from where, in the transaction of the session', async () => {
    const person = await aMember('told');
    const browser = await signedIn('told');
    const { session } = await browser.resolve();
    const [told] = await house.published(DEFAULT_TENANT, 'auth.v1.session.created', auth.SessionCreated, person);
    expect(told?.payload).toMatchObject({
      session,
      user: { username: 'told' },
      method: 'password',
      address: '192.0.2.1',
    });
    expect(told?.client).toMatchObject({ path: '/api/v3/flows/executor/default-authentication-flow/' });
  });
});

describe('a session', () => {
  it('ends at once with its user: deactivated, or gone, whatever the events say', async () => {
    const person = await aMember('leaver');
    const browser = await signedIn('leaver');
    person.is_active = false;
    expect((await browser.resolve()).via).toBe('');
    person.is_active = true;
    expect((await browser.resolve()).via).toBe('session');
    house.people.remove(DEFAULT_TENANT, person.pk);
    expect((await browser.resolve()).via).toBe('');
  });

  it('is gone for good when the directory tells that its user was deactivated', async () => {
    const person = await aMember('suspended');
    const browser = await signedIn('suspended');
    await house.tell(DEFAULT_TENANT, 'updated', { ...person, is_active: false });
    await expect.poll(() => house.sql('select 1 from session where user_pk = $1', [person.pk])).toEqual([]);
    expect((await browser.resolve()).via).toBe('');
    const ended = await house.published(DEFAULT_TENANT, 'auth.v1.session.ended', auth.SessionEnded);
    const reasons = ended.map(({ payload }) => [payload.user?.username, payload.reason]);
    expect(reasons).toContainEqual(['suspended', 'user_deactivated']);
  });

  it('goes with everything of its user when they are deleted', async () => {
    const person = await aMember('deleted');
    await signedIn('deleted');
    await house.tell(DEFAULT_TENANT, 'deleted', person);
    const left = `select pk from account where pk = $1 union all select user_pk from session where user_pk = $1
      union all select user_pk from password where user_pk = $1`;
    await expect.poll(() => house.sql(left, [person.pk])).toEqual([]);
  });

  it('ends by signing out, and cannot be used again', async () => {
    await aMember('out');
    const browser = await signedIn('out');
    const kept = browser.jar.cookie;
    await browser.signOut();
    browser.jar.cookie = kept;
    expect((await browser.resolve()).via).toBe('');
  });

  it('ends when another password is set, unless it is the one that set it', async () => {
    const person = await aMember('changed');
    const [mine, other] = [await signedIn('changed'), await signedIn('changed')];
    const { session } = await mine.resolve();
    const request = { user: factsOf(person), password: 'another one', keep_session: session };
    await house.credentials.setUserPassword(request, house.asService(DEFAULT_TENANT));
    expect((await mine.resolve()).via).toBe('session');
    expect((await other.resolve()).via).toBe('');
    await refusal(
      house.sessionDirectory.getSessionFacts(
        { session: (await other.resolve()).session || 'x' },
        house.asService(DEFAULT_TENANT),
      ),
      { code: 'NOT_FOUND' },
    );
    expect(await house.browser(DEFAULT_TENANT).signIn('changed', PASSWORD)).toMatchObject({
      component: 'ak-stage-password',
    });
  });

  it('expires, and is worth nothing in another tenant', async () => {
    await aMember('expiring');
    const browser = await signedIn('expiring');
    const stranger = house.browser('0197c0de-0000-7000-8000-000000000002');
    stranger.jar.cookie = browser.jar.cookie;
    expect(await stranger.resolve()).toMatchObject({ via: '', session: '' });
    await house.sql("update session set expires = now() - interval '1 day'");
    expect(await browser.resolve()).toMatchObject({ via: '', session: '' });
  });

  it('ignores a cookie that is forged', async () => {
    await aMember('forged');
    const browser = await signedIn('forged');
    const [head, , mac] = (browser.jar.cookie ?? '').split('.');
    const body = Buffer.from('{"sid":"x","authenticated":true,"iss":"authentik","sub":"x"}').toString('base64url');
    for (const cookie of ['', 'nonsense', `${head}.${body}.${mac}`, `eyJhbGciOiJub25lIn0.${body}.`]) {
      if (cookie === '') continue;
      browser.jar.cookie = cookie;
      expect(await browser.resolve()).toMatchObject({ via: '', session: '' });
    }
  });
});
