/** A client of the FAPI 2.0 Security Profile: a key for a secret, nothing but pushed requests, and tokens that are bound to another key. */

import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { CALLBACK } from '../client.fixture.ts';
import { PKCE } from '../protocol.fixture.ts';
import { aKeyPair } from '../signing/certificate.fixture.ts';
import { createBrowser, type Parameters, type Protocol } from './browser.fixture.ts';

type Claims = Readonly<Record<string, unknown>>;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Where everything is sent in these tests. */
const HERE = { htm: 'GET', htu: 'https://id.example/application/o/' };

/** A key pair that signs what a client says. */
export async function aBankKey(alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  const sign = (claims: Claims, header: Claims = {}) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg, ...header }).sign(privateKey);
  return { alg, jwk, privateJwk: await exportJWK(privateKey), sign, jkt: await calculateJwkThumbprint(jwk) };
}

export type BankKey = Awaited<ReturnType<typeof aBankKey>>;

/** Adds a client; `key` is what it proves itself by, `rsa` another key of its set that says nothing of algorithms. */
export async function aBank(protocol: Protocol, clientId: string) {
  const [key, rsa, holder] = await Promise.all([aBankKey(), aBankKey('RS256'), aBankKey()]);
  const jwks = {
    keys: [
      { ...key.jwk, kid: 'k1', alg: 'ES256', use: 'sig' },
      { ...rsa.jwk, kid: 'rsa' },
    ],
  };
  const settings = {
    jwks,
    tokenEndpointAuthMethod: 'private_key_jwt' as const,
    requirePushedAuthorizationRequests: true,
    dpopBoundAccessTokens: true,
  };
  await protocol.client(clientId, { keys: aKeyPair('P-256'), settings });
  return { ...createBank(protocol, clientId, { key, rsa, holder }), key, rsa, holder };
}

type Keys = { readonly key: BankKey; readonly rsa: BankKey; readonly holder: BankKey };

export type Bank = Awaited<ReturnType<typeof aBank>>;

function createBank(protocol: Protocol, clientId: string, { key, holder }: Keys) {
  const { clock, endpoint, origin, exchange, signIn } = protocol;
  const browser = createBrowser(protocol);
  const issuer = `https://id.example/application/o/${clientId}/`;
  const now = () => Math.floor(clock.now().getTime() / 1000);

  /** What proves who the client is. */
  const assertion = (change: Claims = {}, by: BankKey = key, header: Claims = { kid: 'k1' }) => {
    const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: now(), exp: now() + 60 };
    return by.sign({ ...claims, ...change }, header);
  };
  /** What proves which key the client holds. */
  const proof = (change: Claims = {}, by: BankKey = holder, header: Claims = {}) =>
    by.sign({ ...HERE, iat: now(), jti: randomUUID(), ...change }, { typ: 'dpop+jwt', jwk: by.jwk, ...header });
  const proving = async (client_assertion?: string) => ({
    client_id: clientId,
    client_assertion_type: JWT_BEARER,
    client_assertion: client_assertion ?? (await assertion()),
  });
  const headersOf = (dpop: string): Record<string, string> => (dpop === '' ? {} : { dpop });

  const requestOf = (change: Parameters = {}): Parameters => {
    const usual = { response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', state: 's', nonce: 'n' };
    const all = { ...usual, ...PKCE.challenge, ...change };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  };

  /** Pushes a request, with no proof of a key unless one is given. */
  const push = async (change: Parameters = {}, { dpop = '', proves = {} }: { dpop?: string; proves?: Claims } = {}) =>
    endpoint.pushAuthorization(
      { ...requestOf(change), ...(await proving()), ...proves, resource: [] },
      origin({ headers: headersOf(dpop) }),
    );
  const open = (request_uri: string, session?: string, beside: Parameters = {}, client_id = clientId) =>
    browser.visit({ client_id, request_uri, ...beside }, session);

  /** Pushes, signs in, and reads the answer. */
  async function ask(change: Parameters = {}, dpop = '', beside: Parameters = {}) {
    const { request_uri } = await push(change, { dpop });
    const session = signIn();
    const visited = await open(request_uri, session, beside);
    const answer = 'answer' in visited ? visited.answer : await browser.pass(session);
    if (!answer) throw new Error('the client got no answer');
    return answer.parameters;
  }

  /** Redeems a code with a fresh proof, unless it is said otherwise. */
  async function redeem(code = '', change: Claims = {}, dpop?: string) {
    const headers = headersOf(dpop ?? (await proof()));
    const request = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: PKCE.verifier };
    return exchange({ ...request, ...(await proving()), ...change }, { headers });
  }

  async function refresh(refresh_token = '', change: Claims = {}, dpop?: string) {
    const headers = headersOf(dpop ?? (await proof()));
    return exchange({ grant_type: 'refresh_token', refresh_token, ...(await proving()), ...change }, { headers });
  }

  /** Asks the resource that every client has: user info. */
  async function read(token: string, dpop?: string, scheme = 'DPoP') {
    const shown = dpop ?? (await proof({ ath: hashOf(token) }));
    const headers = { authorization: `${scheme} ${token}`, ...headersOf(shown) };
    const { data } = await endpoint.getUserInfo({}, origin({ headers }));
    const claims: Claims = JSON.parse(Buffer.from(data).toString());
    return claims;
  }

  return { clientId, issuer, now, assertion, proof, proving, requestOf, push, open, ask, redeem, refresh, read };
}

/** The claim `ath` of a proof: RFC 9449, section 4.2. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
