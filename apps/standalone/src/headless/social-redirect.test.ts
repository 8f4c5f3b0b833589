import { describe, expect, it } from 'vitest';
import { type HeadlessClient, headlessHouse } from './headless-house.fixture.ts';
import { depart, NEARBY, rogueUpstream, sourceIn, turn } from './upstream.fixture.ts';

const house = await headlessHouse(NEARBY);
const rogue = await rogueUpstream();
const source = await sourceIn(house, 'rogue', rogue.upstream);
await house.set({ social_signup_open: true });

const LOGIN = { provider: 'rogue', process: 'login', callback_url: '/back?a=1' };
const ERROR_PAGE = /\/account\/provider\/callback\?error=unknown&error_process=login$/;
const WENT_WRONG = '/back?a=1&error=unknown&error_process=login';

const go = (browser: HeadlessClient, fields: Readonly<Record<string, string>> = LOGIN) =>
  depart(house, browser, fields);
const comeBack = (browser: HeadlessClient, { path, query }: { path: string; query: URLSearchParams }) =>
  turn(browser, `${house.url}${path}?${query}`);

async function isSignedIn(browser: HeadlessClient) {
  return (await browser.get('/auth/session')).status === 200;
}

describe('being sent to an identity provider', () => {
  it.each([
    ['no provider', { ...LOGIN, provider: '' }],
    ['an unknown provider', { ...LOGIN, provider: 'nobody' }],
    ['no process', { ...LOGIN, process: '' }],
    ['another process', { ...LOGIN, process: 'steal' }],
    ['no address to come back to', { ...LOGIN, callback_url: '' }],
    ['another host', { ...LOGIN, callback_url: 'https://evil.example/' }],
    ['another host behind two slashes', { ...LOGIN, callback_url: '//evil.example/' }],
    ['another host behind a backslash', { ...LOGIN, callback_url: '/\\evil.example/' }],
    ['a program', { ...LOGIN, callback_url: 'javascript:alert(1)' }],
  ])('ends on the page for errors with %s', async (_, fields) => {
    expect(await go(house.browser(), fields)).toMatch(ERROR_PAGE);
  });

  it('needs the token of the cookie', async () => {
    expect(await go(house.browser(), { ...LOGIN, csrfmiddlewaretoken: 'guess' })).toBe('status 403');
  });

  it('lets nobody connect who is not signed in', async () => {
    const where = await go(house.browser(), { ...LOGIN, process: 'connect' });
    expect(where).toBe('/back?a=1&error=permission_denied&error_process=connect');
  });

  it('goes there with state, nonce and a challenge', async () => {
    const url = new URL(await go(house.browser()));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'us',
      redirect_uri: `${house.url}/accounts/oidc/rogue/login/callback/`,
      scope: 'email openid profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('comes back to origins that the tenant trusts', async () => {
    await house.set({ trusted_origins: ['https://app.example.com'] });
    const url = await go(house.browser(), { ...LOGIN, callback_url: 'https://app.example.com/in' });
    expect(new URL(url).pathname).toBe('/authorize');
  });
});

describe('coming back from an identity provider', () => {
  it('is refused with a state of another browser, of none, and a second time', async () => {
    const browser = house.browser();
    const answer = rogue.approve(await go(browser));
    const stranger = house.browser();
    await go(stranger);
    expect(await comeBack(stranger, answer)).toMatch(ERROR_PAGE);
    const wrong = { ...answer, query: new URLSearchParams({ code: 'x', state: 'wrong' }) };
    expect(await comeBack(browser, wrong)).toMatch(ERROR_PAGE);
    expect(await comeBack(browser, answer)).toBe('/back?a=1');
    expect(await comeBack(browser, answer)).toMatch(ERROR_PAGE);
    expect(await isSignedIn(stranger)).toBe(false);
  });

  it('signs in once, however often the same answer comes at once', async () => {
    const browser = house.browser();
    const answer = rogue.approve(await go(browser));
    const landed = await Promise.all([1, 2, 3].map(() => comeBack(browser, answer)));
    expect(landed.filter((where) => where === '/back?a=1')).toHaveLength(1);
  });

  it('is refused with a code that was redeemed before', async () => {
    const [one, other] = [house.browser(), house.browser()];
    const first = rogue.approve(await go(one));
    await comeBack(one, first);
    const second = rogue.approve(await go(other));
    second.query.set('code', first.query.get('code') ?? '');
    expect(await comeBack(other, second)).toBe(WENT_WRONG);
    expect(await isSignedIn(other)).toBe(false);
  });

  it.each([
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: undefined }],
    ['another audience', { aud: 'them' }],
    ['an audience besides us', { aud: ['us', 'them'] }],
    ['another party', { azp: 'them' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['a past end', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['no end', { exp: undefined }],
    ['a future beginning', { iat: Math.floor(Date.now() / 1000) + 600 }],
    ['nobody', { sub: undefined }],
    ['a hash of another access token', { at_hash: 'AAAA' }],
    ['what nothing can keep', { name: 'a\u0000b' }],
  ])('is refused by an id token with %s', async (_, claims) => {
    const browser = house.browser();
    rogue.state.claims = claims;
    const answer = rogue.approve(await go(browser));
    expect(await comeBack(browser, answer)).toBe(WENT_WRONG);
    rogue.state.claims = {};
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is refused by an id token of another key, and by user info of somebody else', async () => {
    const browser = house.browser();
    rogue.state.isForged = true;
    expect(await comeBack(browser, rogue.approve(await go(browser)))).toBe(WENT_WRONG);
    rogue.state.isForged = false;
    rogue.state.userInfo = { sub: 'somebody else' };
    expect(await comeBack(browser, rogue.approve(await go(browser)))).toBe(WENT_WRONG);
    rogue.state.userInfo = {};
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('tells who cancelled, and what the other side could not do', async () => {
    const browser = house.browser();
    for (const [error, told] of [
      ['access_denied', 'cancelled'],
      ['server_error', 'unknown'],
    ] as const) {
      const { path, query } = rogue.approve(await go(browser));
      const answer = { path, query: new URLSearchParams({ error, state: query.get('state') ?? '' }) };
      expect(await comeBack(browser, answer)).toBe(`/back?a=1&error=${told}&error_process=login`);
    }
  });

  it('is refused once the source is out of use', async () => {
    const browser = house.browser();
    const answer = rogue.approve(await go(browser));
    await source.enable(false);
    expect(await comeBack(browser, answer)).toBe(WENT_WRONG);
    // News of it come in a moment.
    await expect.poll(() => go(browser)).toMatch(ERROR_PAGE);
    await source.enable(true);
    await expect.poll(() => go(browser)).toMatch(/authorize/);
  });

  it('works by the other path, too, and sends the verifier', async () => {
    const browser = house.browser();
    rogue.state.sub = 'rotated';
    const location = await go(browser);
    const { query } = rogue.approve(location);
    expect(await comeBack(browser, { path: '/accounts/rogue/login/callback/', query })).toBe('/back?a=1');
    expect(await isSignedIn(browser)).toBe(true);
    expect(Object.fromEntries(rogue.state.forms.at(-1) ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      client_secret: 'secret',
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    });
  });
});
