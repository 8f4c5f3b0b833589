import { beforeEach, describe, expect, it } from 'vitest';
import { type HeadlessReply, headlessHouse, type Json } from './headless-house.fixture.ts';

const house = await headlessHouse();
const REFUSED = { status: 400 };

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set({ token_strategy: 'jwt' });
});

/** Signs somebody in as an app, and answers their tokens. */
async function tokens(person?: { username: string; password: string }) {
  const { username, password } = person ?? (await house.person());
  const { status, body } = await house.app().post('/auth/login', { username, password });
  expect(status).toBe(200);
  const { access_token, refresh_token, session_token } = Object(body.meta);
  return { access: String(access_token), refresh: String(refresh_token), session: String(session_token), username };
}

const bearer = (token: string, scheme = 'Bearer') => ({ headers: { authorization: `${scheme} ${token}` } });
const session = (token: string, scheme?: string) => house.app().get('/auth/session', bearer(token, scheme));
const refresh = (refresh_token: string) => house.app().post('/tokens/refresh', { refresh_token });
const pairOf = ({ body }: HeadlessReply): Json => Object(body.data);
const partsOf = (token: string): Json[] =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => Object(JSON.parse(Buffer.from(part, 'base64url').toString())));
const me = (token: string) =>
  fetch(`${house.url}/api/v3/core/users/me/`, { headers: { authorization: `Bearer ${token}` } });

describe('tokens of apps', () => {
  it('are not there unless the tenant gives them out', async () => {
    const { access, refresh: token } = await tokens();
    await house.set({ token_strategy: 'session' });
    const { username, password } = await house.person();
    const { body } = await house.app().post('/auth/login', { username, password });
    expect(Object.keys(Object(body.meta)).sort()).toEqual(['is_authenticated', 'session_token']);
    expect((await refresh(token)).body).toEqual(REFUSED);
    expect((await session(access)).status).toBe(401);
    expect((await me(access)).status).toBe(403);
  });

  it.each([
    ['RS256', ['alg', 'kid', 'typ']],
    ['HS256', ['alg', 'typ']],
  ])('are signed by %s, and do not tell of their session', async (jwt_algorithm, members) => {
    await house.set({ jwt_algorithm });
    const person = await house.person();
    const { access, refresh: token } = await tokens(person);
    const [header = {}, claims = {}] = partsOf(access);
    expect([header.alg, Object.keys(header).sort()]).toEqual([jwt_algorithm, members]);
    expect(Object.keys(claims).sort()).toEqual(['exp', 'iat', 'jti', 'sid', 'sub', 'token_use']);
    expect(claims).toMatchObject({ sub: String(person.pk), token_use: 'access' });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
    const [, refreshing = {}] = partsOf(token);
    expect(refreshing).toMatchObject({ token_use: 'refresh', sub: String(person.pk) });
    expect(Number(refreshing.exp) - Number(refreshing.iat)).toBe(86_400);
    expect(String(claims.sid)).toHaveLength(64);
    expect(refreshing.sid).not.toBe(claims.sid);
    expect((await session(access)).status).toBe(200);
  });

  it.each(['none', 'RS256', 'HS512'])(
    'are refused when they say %s of themselves and are none of ours',
    async (alg) => {
      await house.set({ jwt_algorithm: 'HS256' });
      const { access } = await tokens();
      const [, body, signature] = access.split('.');
      const head = Buffer.from(JSON.stringify({ alg, typ: 'JWT' })).toString('base64url');
      for (const forged of [`${head}.${body}.${signature}`, `${head}.${body}.`, `${head}.${body}`])
        expect((await session(forged)).status).toBe(401);
    },
  );

  it('stand for whoever signed in, also where the token of the session is not sent', async () => {
    const { access, refresh: token, session: secret, username } = await tokens();
    const { body } = await session(access, 'bEaReR');
    expect(Object(body.data).user.username).toBe(username);
    expect(body.meta).toEqual({ is_authenticated: true });
    expect((await session(access, 'Token')).status).toBe(401);
    expect((await session(token)).status).toBe(401);
    expect((await session('garbage')).status).toBe(401);
    const both = { headers: { ...bearer('garbage').headers, 'x-session-token': secret } };
    expect((await house.app().get('/auth/session', both)).status).toBe(200);
    const answer = await me(access);
    expect(await answer.json()).toMatchObject({ user: { username } });
    expect((await me(token)).status).toBe(403);
  });

  it('end with their time', async () => {
    await house.set({ jwt_access_token_expires_in: 0, jwt_refresh_token_expires_in: 0 });
    const { access, refresh: token } = await tokens();
    expect((await session(access)).status).toBe(401);
    expect((await refresh(token)).body).toEqual(REFUSED);
  });

  it('are not given out again when the password changes, and end with it', async () => {
    const person = await house.person();
    const { access, refresh: token } = await tokens(person);
    const change = { current_password: person.password, new_password: 'seven quiet rivers' };
    const { status, body } = await house.app().post('/account/password/change', change, bearer(access));
    expect([status, Object.keys(Object(body.meta)).sort()]).toEqual([200, ['is_authenticated', 'session_token']]);
    expect((await session(access)).status).toBe(410);
    expect((await refresh(token)).body).toEqual(REFUSED);
  });

  it.each([
    [false, 410],
    [true, 401],
  ])('end with their session; looking at it first (%s) says %i', async (jwt_stateful_validation_enabled, status) => {
    await house.set({ jwt_stateful_validation_enabled });
    const { access, refresh: token } = await tokens();
    expect((await house.app().remove('/auth/session', undefined, bearer(access))).status).toBe(401);
    expect((await session(access)).status).toBe(status);
    expect((await refresh(token)).body).toEqual(REFUSED);
    await expect.poll(async () => (await me(access)).status).toBe(403);
  });
});

describe('a refresh token', () => {
  it('is refused without a word when it is none', async () => {
    const { access } = await tokens();
    for (const wrong of ['garbage', access]) expect((await refresh(wrong)).body).toEqual(REFUSED);
    const message = 'This field is required.';
    expect((await house.app().post('/tokens/refresh', {})).body).toEqual({
      status: 400,
      errors: [{ message, code: 'required', param: 'refresh_token' }],
    });
    expect((await house.browser().post('/tokens/refresh', { refresh_token: 'x' })).status).toBe(404);
  });

  it('works once, also for many at once', async () => {
    const { refresh: token } = await tokens();
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(token)));
    const [won, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(answers.filter(({ body }) => body.status === 400)).toHaveLength(5);
    const { access_token, refresh_token } = won ? pairOf(won) : {};
    expect((await session(String(access_token))).status).toBe(200);
    expect((await refresh(String(refresh_token))).status).toBe(200);
    expect((await refresh(token)).body).toEqual(REFUSED);
  });

  it('goes on working where the tenant says so', async () => {
    await house.set({ jwt_rotate_refresh_token: false });
    const { refresh: token } = await tokens();
    for (let round = 0; round < 2; round++) expect(Object.keys(pairOf(await refresh(token)))).toEqual(['access_token']);
  });
});
