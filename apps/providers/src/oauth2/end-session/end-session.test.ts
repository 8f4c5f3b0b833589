import { beforeEach, expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { ADA, aProtocol, aUser } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { aCode, redeem, world, endpoint, leaving, origin, clock, withHead } = protocol;
const GONE = 'https://app.example/gone';
const frontchannel = (name: string) => `https://${name}.example/front;a,b?x=1`;
await protocol.client('web', { settings: { postLogoutRedirectUris: [GONE, `${GONE}?a=1`] } });
await protocol.client('other', { settings: { postLogoutRedirectUris: ['https://other.example/'] } });
await protocol.client('front', { settings: { frontchannelLogoutUri: frontchannel('front') } });
await protocol.client('loud', { settings: { frontchannelLogoutUri: 'http://loud.example:8080/out' } });
const EVE = ADA + 1;
world.people.set(EVE, aUser(EVE, 'eve'));
let session = '';
beforeEach(() => {
  session = protocol.signIn();
});

async function idToken(name: string, within = session): Promise<string> {
  return (await redeem(name, (await aCode(name, {}, within)).code)).id_token ?? '';
}

type Request = Parameters<typeof endpoint.endSession>[0];

/** Whoever is signed in to no session. */
const NOBODY = '';

async function leave(request: Request, from = session, application_slug = 'web') {
  const query = new URLSearchParams(
    Object.entries(request).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
  const { answer, location, head } = await withHead((onHead) =>
    endpoint.endSession({ application_slug, ...request }, origin({ session: from || undefined, query }), { onHead }),
  );
  const policy = head?.headers.find(([name]) => name === 'content-security-policy')?.[1];
  return { location, html: Buffer.from(answer.data).toString(), policy };
}

it.each([
  ['nothing', async () => ({})],
  ['a forged id token', async () => ({ id_token_hint: 'eyJhbGciOiJub25lIn0.eyJhdWQiOiJ3ZWIiLCJzdWIiOiJ4In0.' })],
  ['no token at all', async () => ({ id_token_hint: 'x.y' })],
  ["another client's id token", async () => ({ id_token_hint: await idToken('other') })],
  ["somebody else's id token", async () => ({ id_token_hint: await idToken('web', protocol.signIn(EVE)) })],
  [
    'an access token',
    async () => ({ id_token_hint: (await redeem('web', (await aCode('web', {}, session)).code)).access_token }),
  ],
])('asks before it ends a session for a link with %s, and goes nowhere else', async (_name, request) => {
  const asked = { ...(await request()), post_logout_redirect_uri: GONE };
  const { location } = await leave(asked);
  expect(location).toBe(`/if/session-end/web/?${new URLSearchParams(asked)}`);
  expect(world.sessions.has(session)).toBe(true);
});

it('refuses a link whose client is not that of the application', async () => {
  await expect(leave({ client_id: 'other' })).rejects.toMatchObject({ reason: 'CLIENT_ID_INVALID' });
  await expect(leave({}, session, 'none')).rejects.toMatchObject({ reason: 'NOT_FOUND' });
});

it('ends the session for an id token of the person, an old one too, and goes back to where the client registered', async () => {
  const id_token_hint = await idToken('web');
  clock.advance(90 * 86_400_000);
  const there = { id_token_hint, client_id: 'web', post_logout_redirect_uri: GONE, state: 'a b&c' };
  expect((await leave(there)).location).toBe(`${GONE}?state=a+b%26c`);
  expect(world.sessions.has(session)).toBe(false);
});

it.each([CALLBACK, `${GONE}/`, `${GONE}#x`, 'https://evil.example/', 'javascript:alert(1)', '//evil.example'])(
  'goes to its own page, not to %s, which is registered for nothing of the kind',
  async (post_logout_redirect_uri) => {
    const id_token_hint = await idToken('web');
    expect((await leave({ id_token_hint, post_logout_redirect_uri, state: 'x' })).location).toBe(
      '/if/session-end/web/',
    );
    const { location = '' } = await leave({ post_logout_redirect_uri }, NOBODY);
    expect(location.startsWith('/if/session-end/web/?')).toBe(true);
  },
);

it('sends on whoever is signed in no more', async () => {
  const { location } = await leave({ post_logout_redirect_uri: `${GONE}?a=1`, state: 's' }, NOBODY);
  expect(location).toBe(`${GONE}?a=1&state=s`);
});

it('makes a link of a form, which comes without cookies', async () => {
  const request = { application_slug: 'web', id_token_hint: 'x.y.z', state: 's', farewell: 'forged' };
  const { location, head } = await withHead((onHead) => leaving.endSessionByForm(request, origin({}), { onHead }));
  expect(location).toBe('/application/o/web/end-session/?id_token_hint=x.y.z&state=s');
  expect(head?.status).toBe(303);
});

it('ends the session when the person says so, and nobody else’s', async () => {
  const request = { application_slug: 'web', post_logout_redirect_uri: GONE };
  await expect(leaving.confirmEndSession(request, origin({}))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await leaving.confirmEndSession(request, origin({ session }))).toEqual({ to: GONE });
  expect(world.sessions.has(session)).toBe(false);
});

it('shows the frames of the clients of that session, and lets the page show no other', async () => {
  const id_token_hint = await idToken('web');
  await idToken('front');
  await idToken('loud');
  await idToken('loud', protocol.signIn());
  const { location = '' } = await leave({ id_token_hint, post_logout_redirect_uri: GONE, state: '"><b>' });
  expect(world.sessions.has(session)).toBe(false);
  const farewell = new URL(location, 'https://id.example').searchParams.get('farewell') ?? '';
  const { html, policy } = await leave({ farewell }, NOBODY);
  const frames = [...html.matchAll(/<iframe src="([^"]*)"/g)].map(
    ([, src = '']) => new URL(src.replaceAll('&amp;', '&')),
  );
  expect(frames.map(({ host }) => host).toSorted()).toEqual(['front.example', 'loud.example:8080']);
  for (const { searchParams } of frames) {
    expect(searchParams.get('sid')).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('iss')).toMatch(/^https:\/\/id\.example\/application\/o\/(front|loud)\/$/);
  }
  expect(policy).toContain('frame-src https://front.example/front%3Ba%2Cb http://loud.example:8080/out; ');
  expect(policy).toContain("default-src 'none'");
  expect(html).toContain(`url=${GONE}?state=%22%3E%3Cb%3E"`);
  expect(html).not.toContain('"><b>');
});

it('shows no frames for a farewell that is old, changed or made up', async () => {
  const id_token_hint = await idToken('front');
  const { location = '' } = await leave({ id_token_hint }, session, 'front');
  const farewell = new URL(location, 'https://id.example').searchParams.get('farewell') ?? '';
  const [text = '', mac = ''] = farewell.split('.');
  const forged = Buffer.from(JSON.stringify({ frames: [], to: 'https://evil.example/', until: 9e15 })).toString(
    'base64url',
  );
  for (const wrong of [`${forged}.${mac}`, `${text}.`, `${text}.${mac.slice(2)}`, 'x'])
    expect((await leave({ farewell: wrong }, NOBODY, 'front')).html).toBe('');
  clock.advance(121_000);
  expect((await leave({ farewell }, NOBODY, 'front')).html).toBe('');
});
