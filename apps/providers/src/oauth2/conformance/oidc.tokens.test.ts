/** Modules of the OpenID Foundation's suite about what a client gets, for every response type and mode: docs/conformance.md. */

import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { aProtocol, PKCE } from '../protocol.fixture.ts';
import {
  addRelyingParties,
  createRelyingParty,
  type Module,
  type RelyingParty,
  VARIANTS,
} from './relying.party.fixture.ts';

const protocol = await aProtocol();
await addRelyingParties(protocol);
const { clock, endpoint, origin, refresh, exchange } = protocol;

const withCode = ({ issues }: RelyingParty) => issues.code;
const withAccess = ({ issues }: RelyingParty) => issues.code || issues.token;

/** Claims that a scope gives, where the client can read them. */
const scopeModule = (name: string, scope: string, claims: object): Module => ({
  name,
  shows: `gives the claims of "${scope}"`,
  async run(party) {
    const { userInfo, claims: told } = await party.signsIn({ scope: `openid ${scope}` });
    expect(withAccess(party) ? userInfo : told).toMatchObject(claims);
  },
});

const PROFILE = { name: 'Ada Lovelace', preferred_username: 'ada', nickname: 'ada' };
const EMAIL = { email: 'ada@example.com', email_verified: true };
const ADDRESS = { address: { formatted: '12 St James Square, London' } };
const PHONE = { phone_number: '+44 20 7946 0000', phone_number_verified: true };

/** The token that an answer gave is worth nothing once its code came back. */
async function reused(party: RelyingParty, later: number): Promise<void> {
  const answer = await party.ask(party.requestOf());
  const { code = '' } = answer.parameters;
  const { access_token, refresh_token } = await party.redeem(code);
  clock.advance(later);
  await expect(party.redeem(code)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
  await expect(party.userInfo(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
  await expect(refresh('rp', refresh_token)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
}

const MODULES: readonly Module[] = [
  {
    name: 'oidcc-server',
    shows: 'signs somebody in, and every token says so',
    run: async (party) => void (await party.signsIn()),
  },
  {
    name: 'oidcc-idtoken-signature',
    shows: 'signs id tokens with a key that it publishes, and publishes nothing else',
    async run(party) {
      const { idToken } = await party.signsIn();
      const { published } = await party.keys();
      const { alg, kid } = decodeProtectedHeader(idToken);
      expect(published.filter((key) => key.kid === kid)).toMatchObject([{ alg, use: 'sig', kty: 'EC' }]);
      for (const key of published) for (const secret of ['d', 'p', 'q', 'k']) expect(key).not.toHaveProperty(secret);
    },
  },
  {
    name: 'oidcc-idtoken-unsigned',
    shows: 'offers no id token without a signature',
    when: ({ hasFrontToken }) => !hasFrontToken,
    async run({ clientId }) {
      const document = await endpoint.getDiscovery({ application_slug: clientId }, origin({}));
      expect(document.id_token_signing_alg_values_supported).toEqual(['ES256']);
    },
  },
  {
    name: 'oidcc-userinfo-get',
    shows: 'tells claims for a token in the header',
    when: withAccess,
    async run(party) {
      const { claims, accessToken = '' } = await party.signsIn();
      expect(await party.userInfo(accessToken)).toMatchObject({ sub: claims.sub });
      await expect(party.userInfo(`${accessToken}x`)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
    },
  },
  {
    name: 'oidcc-userinfo-post-header',
    shows: 'tells claims to a form with the token in its header',
    when: withAccess,
    async run(party) {
      const { claims, accessToken = '' } = await party.signsIn();
      expect(await party.userInfo(accessToken, 'header')).toMatchObject({ sub: claims.sub });
    },
  },
  {
    name: 'oidcc-userinfo-post-body',
    shows: 'tells claims to a form with the token in its body',
    when: withAccess,
    async run(party) {
      const { claims, accessToken = '' } = await party.signsIn();
      expect(await party.userInfo(accessToken, 'body')).toMatchObject({ sub: claims.sub });
    },
  },
  {
    name: 'oidcc-ensure-request-without-nonce-succeeds-for-code-flow',
    shows: 'needs no nonce where no id token travels in the open',
    when: ({ hasFrontToken }) => !hasFrontToken,
    run: async (party) => expect((await party.signsIn({ nonce: '' })).claims).not.toHaveProperty('nonce'),
  },
  {
    name: 'oidcc-ensure-request-without-nonce-fails',
    shows: 'needs a nonce for an id token that travels in the open',
    when: ({ hasFrontToken }) => hasFrontToken,
    async run(party) {
      const { mode, parameters } = await party.ask(party.requestOf({ nonce: '' }));
      expect({ mode, ...parameters }).toMatchObject({ mode: party.mode, error: 'invalid_request', state: 'state-1' });
      expect(parameters).not.toHaveProperty('id_token');
    },
  },
  scopeModule('oidcc-scope-profile', 'profile', PROFILE),
  scopeModule('oidcc-scope-email', 'email', EMAIL),
  scopeModule('oidcc-scope-address', 'address', ADDRESS),
  scopeModule('oidcc-scope-phone', 'phone', PHONE),
  scopeModule('oidcc-scope-all', 'profile email address phone', { ...PROFILE, ...EMAIL, ...ADDRESS, ...PHONE }),
  {
    name: 'oidcc-alternate-happy-flow',
    shows: 'takes parameters and scopes in any order',
    async run(party) {
      const reversed = Object.fromEntries(Object.entries(party.requestOf({ scope: 'email openid' })).toReversed());
      const { claims, userInfo } = await party.finished(await party.ask(reversed), reversed);
      expect({ ...claims, ...userInfo }).toMatchObject(EMAIL);
    },
  },
  {
    name: 'oidcc-claims-essential',
    shows: 'tells a claim that is asked for by name',
    async run(party) {
      const place = withAccess(party) ? 'userinfo' : 'id_token';
      const { claims, userInfo } = await party.signsIn({
        scope: 'openid profile',
        claims: JSON.stringify({ [place]: { name: { essential: true } } }),
      });
      expect(place === 'userinfo' ? userInfo : claims).toHaveProperty('name', 'Ada Lovelace');
    },
  },
  {
    name: 'oidcc-claims-locales',
    shows: 'goes on where claims are wanted in a language that it does not have',
    run: async (party) => void (await party.signsIn({ claims_locales: 'se' })),
  },
  {
    name: 'oidcc-codereuse',
    shows: 'redeems a code once, and takes back what it gave',
    when: withCode,
    run: (party) => reused(party, 0),
  },
  {
    name: 'oidcc-codereuse-30seconds',
    shows: 'takes back what a code gave that comes again half a minute later',
    when: withCode,
    run: (party) => reused(party, 30_000),
  },
  {
    name: 'oidcc-server-client-secret-post',
    shows: 'takes the secret of a client in the form',
    when: withCode,
    run: async (party) => void (await party.signsIn({}, undefined, 'post')),
  },
  {
    name: 'oidcc-refresh-token',
    shows: 'gives new tokens for a refresh token, to its client alone',
    when: withCode,
    async run(party) {
      const { tokens, claims } = await party.signsIn({ scope: 'openid offline_access' });
      const refresh_token = tokens?.refresh_token ?? '';
      const theft = { grant_type: 'refresh_token', client_id: 'rp2', client_secret: 'rp2 secret', refresh_token };
      await expect(exchange(theft)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
      clock.advance(1_000);
      const next = await refresh('rp', refresh_token);
      expect(next.access_token).not.toBe(tokens?.access_token);
      expect(await party.userInfo(next.access_token)).toMatchObject({ sub: claims.sub });
      const [, payload = ''] = (next.id_token ?? '').split('.');
      const { iss, sub, aud, auth_time } = claims;
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss, sub, aud, auth_time });
    },
  },
  {
    name: 'oidcc-ensure-request-with-valid-pkce-succeeds',
    shows: 'takes a proof key of a client that needs none',
    when: withCode,
    run: async (party) => void (await party.signsIn(PKCE.challenge)),
  },
];

describe.each(VARIANTS)('$responseType by $responseMode', (variant) => {
  const party = createRelyingParty(protocol, variant);
  it.each(MODULES.filter(({ when }) => when?.(party) ?? true))('$name: $shows', ({ run }) => run(party));
});
