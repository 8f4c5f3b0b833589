/** Modules of the OpenID Foundation's suite about leaving at the wish of a client: docs/conformance.md. */

import { beforeEach, expect, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { aKeyPair } from '../signing/certificate.fixture.ts';
import { createRelyingParty } from './relying.party.fixture.ts';

const protocol = await aProtocol();
const { endpoint, origin, signIn, withHead, world } = protocol;
const GONE = 'https://app.example/gone';
await protocol.client('rp', { keys: aKeyPair('P-256'), settings: { postLogoutRedirectUris: [GONE] } });
await protocol.client('rp2', { keys: aKeyPair('P-256') });
const party = createRelyingParty(protocol, { responseType: 'code', responseMode: 'default' });
const stranger = createRelyingParty(protocol, { responseType: 'code', responseMode: 'default' }, 'rp2');

let session = '';
let idToken = '';
beforeEach(async () => {
  session = signIn();
  idToken = (await party.signsIn({}, session)).idToken;
});

/** Opens the end-session endpoint in the browser; where it leads. */
async function leave(request: Readonly<Record<string, string>>): Promise<string> {
  const query = new URLSearchParams(request).toString();
  const { location = '' } = await withHead((onHead) =>
    endpoint.endSession({ application_slug: 'rp', ...request }, origin({ session, query }), { onHead }),
  );
  return location;
}

/** Whether somebody is still signed in, as the client can see. */
async function isSignedIn(): Promise<boolean> {
  const { parameters } = await party.ask(party.requestOf({ prompt: 'none' }), session);
  return parameters.error !== 'login_required';
}

const ASKS = /^\/if\/session-end\/rp\/\?/;
const STAYS = '/if/session-end/rp/';
const back = { post_logout_redirect_uri: GONE, state: 'leaving' };

it('oidcc-rp-initiated-logout: ends the session and comes back with the state', async () => {
  expect(await leave({ id_token_hint: idToken, ...back })).toBe(`${GONE}?state=leaving`);
  expect(await isSignedIn()).toBe(false);
});

it('oidcc-rp-initiated-logout-no-state: comes back without a state that nobody sent', async () => {
  expect(await leave({ id_token_hint: idToken, post_logout_redirect_uri: GONE })).toBe(GONE);
  expect(await isSignedIn()).toBe(false);
});

it('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: ends the session on a page of its own', async () => {
  expect(await leave({ id_token_hint: idToken, state: 'leaving' })).toBe(STAYS);
  expect(await isSignedIn()).toBe(false);
});

it.each([
  ['oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', 'https://app.example/other'],
  ['oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', `${GONE}?foo=bar`],
])('%s: does not go to %s, which is not registered', async (_module, post_logout_redirect_uri) => {
  expect(await leave({ id_token_hint: idToken, post_logout_redirect_uri, state: 'leaving' })).toBe(STAYS);
});

/** The same claims, signed by nobody. */
function modified(): string {
  const [, claims] = idToken.split('.');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
}

it.each([
  ['oidcc-rp-initiated-logout-modified-id-token-hint', async () => ({ id_token_hint: modified(), ...back })],
  [
    'oidcc-rp-initiated-logout-bad-id-token-hint',
    async () => ({ id_token_hint: (await stranger.signsIn({}, session)).idToken, ...back }),
  ],
  ['oidcc-rp-initiated-logout-no-id-token-hint', async () => back],
  ['oidcc-rp-initiated-logout-no-params', async () => ({})],
  ['oidcc-rp-initiated-logout-only-state', async () => ({ state: 'leaving' })],
])('%s: asks the person first, and goes nowhere', async (_module, request) => {
  const asked = await leave(await request());
  expect(asked === STAYS || ASKS.test(asked)).toBe(true);
  expect(await isSignedIn()).toBe(true);
  expect(world.sessions.has(session)).toBe(true);
});
