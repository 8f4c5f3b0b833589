/** A client that trusts nothing it is told: what the OpenID Foundation's conformance suite is to a provider. */

import { createHash } from 'node:crypto';
import type { providers } from '@postern/proto';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { expect } from 'vitest';
import type { ResponseType } from '../../client-settings/index.ts';
import { CALLBACK } from '../client.fixture.ts';
import { PKCE } from '../protocol.fixture.ts';
import { aKeyPair } from '../signing/certificate.fixture.ts';
import { type Answer, createBrowser, type Parameters, type Protocol } from './browser.fixture.ts';

/** How a plan of the suite runs its modules. */
export type Variant = { readonly responseType: ResponseType; readonly responseMode: 'default' | 'form_post' };

const TYPES: readonly ResponseType[] = [
  'code',
  'id_token',
  'id_token token',
  'code token',
  'code id_token',
  'code id_token token',
];

/** Basic, Implicit and Hybrid, and each of them with Form Post. */
export const VARIANTS: readonly Variant[] = TYPES.flatMap((responseType) => [
  { responseType, responseMode: 'default' },
  { responseType, responseMode: 'form_post' },
]);

/** Names in an answer, by what the response type issues. */
const NAMES = { code: ['code'], id_token: ['id_token'], token: ['access_token', 'token_type', 'expires_in'] } as const;

/** Adds the clients that the suite wants: two with everything that it asks for. */
export async function addRelyingParties(protocol: Protocol): Promise<void> {
  const programs = {
    address: 'return {"address": {"formatted": "12 St James Square, London"}}',
    phone: 'return {"phone_number": "+44 20 7946 0000", "phone_number_verified": True}',
  };
  await protocol.client('rp', { keys: aKeyPair('P-256'), programs });
  await protocol.client('rp2', { keys: aKeyPair('P-256') });
}

/** What came of a whole sign-in. */
export type SignedIn = {
  readonly answer: Answer;
  readonly tokens: providers.ExchangeTokenResponse | undefined;
  /** Of the last id token. */
  readonly claims: JWTPayload;
  readonly idToken: string;
  readonly accessToken: string | undefined;
  readonly userInfo: Readonly<Record<string, unknown>>;
};

/** What a client knows of itself: how it asks, and what it expects. */
function standing(clientId: string, { responseType, responseMode }: Variant) {
  const usual = responseType === 'code' ? 'query' : 'fragment';
  const words = responseType.split(' ').filter(isWhat);
  const usualRequest = {
    response_type: responseType,
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: 'openid',
    state: 'state-1',
    nonce: 'nonce-1',
    ...(responseMode === 'form_post' ? { response_mode: 'form_post' } : {}),
  };
  return {
    clientId,
    issuer: `https://id.example/application/o/${clientId}/`,
    issues: { code: words.includes('code'), token: words.includes('token') },
    hasFrontToken: words.includes('id_token'),
    mode: responseMode === 'form_post' ? 'form_post' : usual,
    names: words.flatMap((each): string[] => [...NAMES[each]]),
    /** A request with some parameters changed, or left out where they are empty. */
    requestOf: (change: Parameters = {}): Parameters =>
      Object.fromEntries(Object.entries({ ...usualRequest, ...change }).filter(([, value]) => value !== '')),
  };
}

type Standing = ReturnType<typeof standing>;

/** How a client believes an id token: OpenID Connect Core, sections 3.1.3.7, 3.2.2.11 and 3.3.2.11. */
function createVerifier({ endpoint, origin, clock }: Protocol, { clientId, issuer }: Standing) {
  async function keys() {
    const { keys: published } = await endpoint.getJwks({ application_slug: clientId }, origin({}));
    return { published, find: createLocalJWKSet({ keys: published } as JSONWebKeySet) };
  }

  async function verified(idToken: string, beside: { nonce?: string; code?: string; token?: string }) {
    const rule = { issuer, audience: clientId, currentDate: clock.now(), algorithms: ['ES256'] };
    const { payload } = await jwtVerify(idToken, (await keys()).find, rule);
    expect(payload).toMatchObject({ sub: expect.stringMatching(/^.{1,255}$/), iat: expect.any(Number) });
    expect(payload.nonce).toBe(beside.nonce);
    if (beside.code !== undefined) expect(payload.c_hash).toBe(halfOf(beside.code));
    if (beside.token !== undefined) expect(payload.at_hash).toBe(halfOf(beside.token));
    return payload;
  }

  return { keys, verified };
}

/** What a client does without the browser. */
function createBackChannel({ endpoint, origin, exchange }: Protocol, { clientId }: Standing) {
  const redeem = (
    code: string,
    change: Partial<providers.ExchangeTokenRequest> = {},
    way: 'basic' | 'post' = 'basic',
  ) => {
    const request = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...change };
    const secret = `${clientId} secret`;
    if (way === 'post') return exchange({ ...request, client_id: clientId, client_secret: secret });
    const authorization = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(secret)}`).toString('base64')}`;
    return exchange(request, { headers: { authorization } });
  };

  /** The claims at the user info endpoint; a token by header unless it is said otherwise. */
  async function userInfo(token: string, by: 'header' | 'body' = 'header') {
    const from = by === 'header' ? { headers: { authorization: `Bearer ${token}` } } : {};
    const { data } = await endpoint.getUserInfo({ access_token: by === 'body' ? token : '' }, origin(from));
    const claims: Readonly<Record<string, unknown>> = JSON.parse(Buffer.from(data).toString());
    return claims;
  }

  return { redeem, userInfo };
}

/** Creates the client. */
export function createRelyingParty(protocol: Protocol, variant: Variant, clientId = 'rp') {
  const own = standing(clientId, variant);
  const browser = createBrowser(protocol);
  const { keys, verified } = createVerifier(protocol, own);
  const { redeem, userInfo } = createBackChannel(protocol, own);

  /** An answer that says yes, with nothing missing and nothing besides. */
  function accepted({ mode, parameters }: Answer, { state }: Parameters): void {
    const { scope: _narrowed, ...rest } = parameters;
    const expected = [...own.names, ...(state === undefined ? [] : ['state']), 'iss'];
    expect({ mode, names: Object.keys(rest).toSorted() }).toEqual({ mode: own.mode, names: expected.toSorted() });
    expect(rest).toMatchObject({ iss: own.issuer, ...(state === undefined ? {} : { state }) });
  }

  /** Verifies an answer, redeems its code, and asks for user info. */
  async function finished(answer: Answer, request: Parameters, way?: 'basic' | 'post'): Promise<SignedIn> {
    accepted(answer, request);
    const { code, id_token, access_token } = answer.parameters;
    const { nonce } = request;
    const front = id_token === undefined ? undefined : await verified(id_token, { nonce, code, token: access_token });
    const proof = request.code_challenge === undefined ? {} : { code_verifier: PKCE.verifier };
    const tokens = code === undefined ? undefined : await redeem(code, proof, way);
    const back = tokens?.id_token;
    if (tokens) expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3_600 });
    const claims = back === undefined ? front : await verified(back, { nonce, token: tokens?.access_token });
    if (!claims) throw new Error('nobody was named');
    // Section 3.3.3.6: both id tokens name the same person.
    if (front) expect(front.sub).toBe(claims.sub);
    const accessToken = tokens?.access_token ?? access_token;
    const told = accessToken === undefined ? {} : await userInfo(accessToken);
    if (accessToken !== undefined) expect(told.sub).toBe(claims.sub);
    return { answer, tokens, claims, idToken: back ?? id_token ?? '', accessToken, userInfo: told };
  }

  /** Signs somebody in, as far as the response type goes, and verifies every step. */
  async function signsIn(change: Parameters = {}, session?: string, way?: 'basic' | 'post'): Promise<SignedIn> {
    const request = own.requestOf(change);
    return finished(await browser.ask(request, session), request, way);
  }

  return { ...browser, ...own, keys, redeem, userInfo, signsIn, finished };
}

export type RelyingParty = ReturnType<typeof createRelyingParty>;

/** A module of the suite: its name, what it shows, and where it runs. */
export type Module = {
  readonly name: string;
  readonly shows: string;
  readonly when?: (party: RelyingParty) => boolean;
  run(party: RelyingParty): Promise<void>;
};

function isWhat(word: string): word is keyof typeof NAMES {
  return word in NAMES;
}

function halfOf(text: string): string {
  return createHash('sha256').update(text, 'ascii').digest().subarray(0, 16).toString('base64url');
}
