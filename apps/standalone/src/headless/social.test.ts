import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type HeadlessClient, headlessHouse, type Json } from './headless-house.fixture.ts';
import { depart, NEARBY, rogueUpstream, sourceIn, turn, upstreamIn } from './upstream.fixture.ts';

const house = await headlessHouse(NEARBY);
const other = await headlessHouse();
const rogue = await rogueUpstream();
const source = await sourceIn(house, 'rogue', rogue.upstream);
const real = await sourceIn(house, 'real', await upstreamIn(other, `${house.url}/accounts/oidc/real/login/callback/`));

beforeEach(async () => {
  await house.reset();
  await house.set({ social_signup_open: true });
});

const REQUIRED = { message: 'This field is required.', code: 'required' };
const INVALID = { message: 'Invalid token.', code: 'invalid_token', param: 'token' };

/** Claims of somebody whom nobody has seen yet. */
function somebody(claims: Json = {}): Json {
  const sub = randomUUID();
  return {
    sub,
    email: `${sub}@example.com`,
    email_verified: true,
    nickname: `n${sub.slice(0, 8)}`,
    name: 'Ada',
    ...claims,
  };
}

const tokenOf = (claims: Json) => ({ client_id: 'us', id_token: rogue.idToken(claims) });
const byToken = (client: HeadlessClient, claims: Json, process = 'login') =>
  client.post('/auth/provider/token', { provider: 'rogue', process, token: tokenOf(claims) });

/** Somebody who is signed in by a password. */
async function signedIn(client: HeadlessClient, given: Parameters<typeof house.person>[0] = {}) {
  const person = await house.person(given);
  const { username, password } = person;
  expect((await client.post('/auth/login', { username, password })).status).toBe(200);
  return person;
}

describe('signing in by tokens of an identity provider', () => {
  it.each([
    [
      'nothing',
      {},
      [{ ...REQUIRED, param: 'provider' }, { ...REQUIRED, param: 'process' }, { ...REQUIRED, param: 'token' }, INVALID],
    ],
    ['a token that is no object', { provider: 'rogue', process: 'login', token: 'x' }, [INVALID]],
    [
      'a process that is none',
      { provider: 'rogue', process: 'x', token: {} },
      [{ code: 'invalid_choice', param: 'process' }],
    ],
    [
      'no token',
      { provider: 'rogue', process: 'login', token: { client_id: 'us' } },
      [{ code: 'token_required', param: 'token' }],
    ],
    [
      'a token that is no text',
      { provider: 'rogue', process: 'login', token: { id_token: 1 } },
      [{ code: 'token_required' }],
    ],
    [
      'no client',
      { provider: 'rogue', process: 'login', token: { id_token: 'x' } },
      [{ code: 'client_id_required', param: 'token' }],
    ],
    ['an unknown provider', { provider: 'x', process: 'login', token: { client_id: 'us', id_token: 'x' } }, [INVALID]],
    [
      'another client',
      { provider: 'rogue', process: 'login', token: { client_id: 'x', id_token: rogue.idToken() } },
      [INVALID],
    ],
    [
      'a token that is none',
      { provider: 'rogue', process: 'login', token: { client_id: 'us', id_token: 'a.b.c' } },
      [INVALID],
    ],
    [
      'an access token alone',
      { provider: 'rogue', process: 'login', token: { client_id: 'us', access_token: 'x' } },
      [INVALID],
    ],
    ['another audience', { provider: 'rogue', process: 'login', token: tokenOf({ aud: 'them' }) }, [INVALID]],
    ['a past end', { provider: 'rogue', process: 'login', token: tokenOf({ exp: 1 }) }, [INVALID]],
  ])('is refused with %s', async (_, body, errors) => {
    const answer = await house.app().post('/auth/provider/token', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: 400, errors });
  });

  it('takes a token once', async () => {
    const token = tokenOf(somebody());
    const [one, two] = await Promise.all(
      [house.app(), house.app()].map((app) =>
        app.post('/auth/provider/token', { provider: 'rogue', process: 'login', token }),
      ),
    );
    expect([one?.status, two?.status].toSorted()).toEqual([200, 400]);
  });

  it('is refused with the id of a token that was used, in another token', async () => {
    const jti = randomUUID();
    const claims = somebody({ jti });
    expect((await byToken(house.app(), claims)).status).toBe(200);
    expect((await byToken(house.app(), claims)).body.errors).toEqual([INVALID]);
  });

  it('makes one account for two first sign-ins at once', async () => {
    const name = `Ada ${randomUUID()}`;
    const claims = somebody({ name, email: undefined, nickname: undefined });
    const answers = await Promise.all([house.app(), house.app()].map((app) => byToken(app, claims)));
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await house.sql('select 1 from directory.user_account where name = $1', [name])).toHaveLength(1);
  });

  it('signs nobody up where that is closed', async () => {
    await house.set({ social_signup_open: false });
    expect((await byToken(house.app(), somebody())).body).toMatchObject({ status: 403 });
  });

  it('signs somebody new up, and in the next time; the account is listed', async () => {
    const claims = somebody();
    const app = house.app();
    const { body, status } = await byToken(app, claims);
    expect(status).toBe(200);
    const record = { method: 'socialaccount', at: expect.any(Number), provider: 'rogue', uid: claims.sub };
    const user = { email: claims.email, has_usable_password: false, username: claims.nickname };
    expect(body).toMatchObject({ data: { user, methods: [record] }, meta: { is_authenticated: true } });
    expect((await app.get('/account/providers')).body).toEqual({
      status: 200,
      data: [{ uid: claims.sub, provider: source.entry, display: claims.nickname }],
    });
    const again = await byToken(house.app(), { ...claims, email: 'new@example.com' });
    expect(Object(again.body.data).user.id).toBe(Object(body.data).user.id);
  });

  it('lets whoever was deactivated not in, and says nothing', async () => {
    const claims = somebody();
    const { body } = await byToken(house.app(), claims);
    await house.sql('update directory.user_account set is_active = false where pk = $1', [Object(body.data).user.id]);
    const { status, body: answer } = await byToken(house.app(), claims);
    expect(status).toBe(401);
    expect(Object(answer.data).flows.some((flow: Json) => flow.is_pending)).toBe(false);
  });

  it('is somebody else then, who does not see what the one before has begun', async () => {
    const app = house.app();
    const before = await signedIn(app);
    const old = app.token;
    const { body } = await byToken(app, somebody());
    expect(Object(body.data).user.id).not.toBe(before.pk);
    expect(app.token).not.toBe(old);
    const stale = house.app();
    stale.token = old;
    expect((await stale.get('/auth/session')).status).toBe(410);
  });
});

describe('somebody new of whom not enough is known', () => {
  it('is asked for the rest, and nobody else is', async () => {
    const app = house.app();
    expect((await app.get('/auth/provider/signup')).body).toEqual({ status: 409 });
    expect((await app.post('/auth/provider/signup', {})).body).toEqual({ status: 409 });
    await house.set({ signup_fields: ['email*', 'username*', 'password1*'] });
    const { sub } = somebody();
    const asked = await byToken(app, { sub });
    expect(asked.status).toBe(401);
    expect(Object(asked.body.data).flows).toContainEqual({
      id: 'provider_signup',
      provider: source.entry,
      is_pending: true,
    });
    expect((await app.get('/auth/provider/signup')).body).toEqual({
      status: 200,
      data: {
        user: { display: 'user', has_usable_password: false },
        account: { uid: sub, provider: source.entry, display: 'ROGUE' },
        email: [],
      },
    });
    const { body } = await app.post('/auth/provider/signup', {});
    expect(body.errors).toEqual([
      { ...REQUIRED, param: 'email' },
      { ...REQUIRED, param: 'username' },
    ]);
    const { email } = await house.person();
    const name = `u${randomUUID().slice(0, 8)}`;
    const taken = await app.post('/auth/provider/signup', { email, username: name });
    const message =
      'An account already exists with this email address. Please sign in to that account first, then connect your ROGUE account.';
    expect(taken.body.errors).toEqual([{ message, code: 'email_taken', param: 'email' }]);
    const done = await app.post('/auth/provider/signup', { email: `${name}@example.com`, username: name });
    expect(done.status).toBe(200);
    expect((await app.get('/auth/provider/signup')).status).toBe(409);
  });

  it('is asked where the tenant wants that, and sees what is known', async () => {
    await house.set({ social_auto_signup: false });
    const claims = somebody();
    const app = house.app();
    expect((await byToken(app, claims)).status).toBe(401);
    const { body } = await app.get('/auth/provider/signup');
    const { email, nickname: username } = claims;
    expect(body.data).toMatchObject({ user: { email, username }, email: [{ email, verified: true, primary: true }] });
    await house.set({ social_signup_open: false });
    expect((await app.get('/auth/provider/signup')).body).toEqual({ status: 403 });
    expect((await app.post('/auth/provider/signup', { username })).body).toEqual({ status: 403 });
    await app.remove('/auth/session');
    expect((await app.get('/auth/provider/signup')).status).toBe(410);
  });

  it('is asked when somebody has the address', async () => {
    const { email } = await house.person();
    const { body } = await byToken(house.app(), somebody({ email }));
    expect(Object(body.data).flows.some(({ id }: Json) => id === 'provider_signup')).toBe(true);
  });
});

describe('somebody new where addresses have to be verified', () => {
  it('waits for a mail, unless the provider has verified the address', async () => {
    await house.set({ email_verification: 'mandatory', signup_fields: ['email*', 'username*'] });
    const pending = { id: 'verify_email', is_pending: true };
    const unverified = await byToken(house.app(), somebody({ email_verified: false }));
    expect(Object(unverified.body.data).flows).toContainEqual(pending);
    expect((await byToken(house.app(), somebody())).status).toBe(200);
    // Nothing tells that somebody has an address.
    const { email } = await house.person();
    const taken = await byToken(house.app(), somebody({ email, email_verified: false }));
    expect(Object(taken.body.data).flows).toContainEqual(pending);
  });
});

describe('an address that an identity provider has verified', () => {
  it('signs its reader in where the tenant says so, and connects nothing', async () => {
    await house.set({ social_email_authentication: true });
    const { pk, email, username, password } = await house.person();
    const app = house.app();
    const unverified = await byToken(house.app(), somebody({ email, email_verified: false }));
    expect(unverified.status).toBe(401);
    const { body } = await byToken(app, somebody({ email }));
    expect(Object(body.data).user).toMatchObject({ id: pk, has_usable_password: false });
    expect((await app.get('/account/providers')).body.data).toEqual([]);
    // Nobody had shown that they read it: whoever chose the password may be somebody else.
    expect((await house.app().post('/auth/login', { username, password })).status).toBe(400);
  });

  it('connects the account where the tenant says that, too', async () => {
    await house.set({ social_email_authentication: true, social_email_authentication_auto_connect: true });
    const { email } = await house.person();
    const app = house.app();
    await byToken(app, somebody({ email }));
    expect((await app.get('/account/providers')).body.data).toHaveLength(1);
  });
});

describe('accounts elsewhere', () => {
  it('are connected by whoever is signed in, and belong to one', async () => {
    const claims = somebody();
    expect((await byToken(house.app(), claims, 'connect')).status).toBe(401);
    const [ada, eve] = [house.app(), house.app()];
    await signedIn(ada);
    await signedIn(eve);
    expect((await byToken(ada, claims, 'connect')).status).toBe(200);
    expect((await byToken(ada, claims, 'connect')).status).toBe(200);
    const refused = await byToken(eve, claims, 'connect');
    const message = 'The third-party account is already connected to a different account.';
    expect(refused.body).toEqual({ status: 400, errors: [{ message, code: 'connected_other' }] });
  });

  it('are connected only by whoever has just shown who they are, where the tenant wants that', async () => {
    const app = house.app();
    await signedIn(app);
    await house.set({ reauthentication_required: true, reauthentication_timeout: 0 });
    const { status, body } = await byToken(app, somebody(), 'connect');
    expect(status).toBe(401);
    expect(body).toMatchObject({ data: { flows: [{ id: 'reauthenticate' }] }, meta: { is_authenticated: true } });
  });

  it('are connected by nobody who must have a second factor before', async () => {
    const app = house.app();
    await signedIn(app);
    await house.set({ enforce_mfa: true });
    expect((await byToken(app, somebody(), 'connect')).status).toBe(403);
    await house.reset();
    expect((await app.get('/account/providers')).body.data).toEqual([]);
  });

  it('are disconnected, unless it is the last way in', async () => {
    const app = house.app();
    const claims = somebody();
    await byToken(app, claims);
    const account = { provider: 'rogue', account: claims.sub };
    expect((await house.app().remove('/account/providers', account)).status).toBe(401);
    expect((await app.remove('/account/providers', {})).body.errors).toEqual([
      { ...REQUIRED, param: 'provider' },
      { ...REQUIRED, param: 'account' },
    ]);
    const unknown = await app.remove('/account/providers', { ...account, account: 'x' });
    expect(unknown.body.errors).toEqual([{ message: 'Unknown account.', code: 'account_not_found' }]);
    const last = await app.remove('/account/providers', account);
    expect(last.body.errors).toEqual([{ message: 'Your account has no password set up.', code: 'no_password' }]);
    const second = somebody();
    await byToken(app, second, 'connect');
    const left = await app.remove('/account/providers', account);
    expect(left.body).toMatchObject({ status: 200, data: [{ uid: second.sub }] });
    expect((await byToken(house.app(), claims)).body).not.toMatchObject({ status: 200 });
  });

  it('are not disconnected all at once in two sessions by whoever has no password', async () => {
    const [first, second] = [somebody(), somebody()];
    const [app, elsewhere] = [house.app(), house.app()];
    await byToken(app, first);
    await byToken(app, second, 'connect');
    await byToken(elsewhere, { ...second, jti: randomUUID() });
    const remove = (client: HeadlessClient, { sub }: Json) =>
      client.remove('/account/providers', { provider: 'rogue', account: sub });
    const answers = await Promise.all([remove(app, first), remove(elsewhere, second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const refused = answers.find(({ status }) => status === 400);
    expect(refused?.body.errors).toMatchObject([{ code: 'no_password' }]);
  });

  it('of somebody without a verified address stay where addresses have to be', async () => {
    const app = house.app();
    await signedIn(app);
    const claims = somebody();
    await byToken(app, claims, 'connect');
    await house.set({ email_verification: 'mandatory' });
    const { body } = await app.remove('/account/providers', { provider: 'rogue', account: claims.sub });
    expect(body.errors).toMatchObject([{ code: 'no_verified_email' }]);
  });
});

describe('another house like this one', () => {
  it('signs its people up here, and in, and is connected', async () => {
    const person = await other.person();
    const there = other.browser();
    await there.post('/auth/login', { username: person.username, password: person.password });
    const here = house.browser();
    const { body } = await here.get('/auth/session');
    expect(Object(body.data).flows).toContainEqual({ id: 'provider_redirect', providers: ['rogue', 'real'] });

    const travel = async (process: string) => {
      const away = await depart(house, here, { provider: 'real', process, callback_url: '/back' });
      const back = await turn(there, `${away}&prompt=none`);
      return turn(here, back);
    };
    expect(await travel('login')).toBe('/back');
    const welcome = await here.get('/auth/session');
    const { username, email, uuid } = person;
    expect(welcome.body).toMatchObject({
      status: 200,
      data: { user: { username, email }, methods: [{ method: 'socialaccount', provider: 'real', uid: uuid }] },
    });
    expect((await here.get('/account/providers')).body.data).toMatchObject([{ uid: uuid, provider: real.entry }]);

    await here.remove('/auth/session');
    await signedIn(here);
    expect(await travel('connect')).toBe('/back?error=connected_other&error_process=connect');
    expect(await travel('login')).toBe('/back');
    expect(Object((await here.get('/auth/session')).body.data).user).toMatchObject({ username });
  });
});
