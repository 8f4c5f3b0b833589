import { createHash } from 'node:crypto';
import { type Clock, type Once, type RemoteKeys, verifyBy } from '../oauth2/index.ts';
import type { Metadata } from './discovery.ts';
import type { Document } from './document.reader.ts';
import type { SignInSource } from './sign-in-source.repository.ts';
import { sourceSignInErrors } from './source-sign-in.errors.ts';

/** What an id token has to fit. */
export type Expected = {
  readonly tenant: string;
  readonly source: SignInSource;
  readonly metadata: Metadata;
  /** Undefined where an app brings the token: no nonce of ours is in it. */
  readonly nonce?: string;
  /** The access token that came along. */
  readonly accessToken?: string;
};

/** Verifies an id token and uses it up: OpenID Connect Core, section 3.1.3.7. Answers its claims. Throws SOURCE_TOKEN_INVALID. */
export type VerifyIdToken = (token: string, expected: Expected) => Promise<Document>;

/** Clocks differ by so much, in seconds. */
const LEEWAY = 30;
const LONGEST_UID = 255;

/** Creates the check. Keys are those that the source publishes, read again for one that is not among them. */
export function createVerifyIdToken(deps: { remoteKeys: RemoteKeys; once: Once; clock: Clock }): VerifyIdToken {
  const { remoteKeys, once, clock } = deps;
  return async (token, expected) => {
    const { tenant, source, metadata } = expected;
    const signed =
      (await verifyBy(await remoteKeys.find(metadata.jwksUri), token)) ??
      (await verifyBy(await remoteKeys.refresh(metadata.jwksUri), token));
    if (!signed) throw sourceSignInErrors.SOURCE_TOKEN_INVALID();
    const { header, claims } = signed;
    const now = clock.now().getTime() / 1000;
    const problem = RULES.find((rule) => !rule(claims, expected, now)) ?? hashProblem(header, claims, expected);
    const { exp, jti } = claims;
    if (problem !== undefined || typeof exp !== 'number') throw sourceSignInErrors.SOURCE_TOKEN_INVALID();
    const id = typeof jti === 'string' ? jti : createHash('sha256').update(token).digest('base64url');
    const expires = new Date((exp + LEEWAY) * 1000);
    const isFirst = await once(tenant, { kind: 'id_token', maker: source.pk, id, expires });
    if (!isFirst) throw sourceSignInErrors.SOURCE_TOKEN_INVALID();
    return claims;
  };
}

type Rule = (claims: Document, expected: Expected, now: number) => boolean;

/** What claims have to say, one rule after the other. */
const RULES: readonly Rule[] = [
  isOfIssuer,
  isForUs,
  isOfThisRequest,
  isNotOver,
  isNotOfTheFuture,
  namesSomebody,
  isOfStorableText,
];

function isOfIssuer({ iss }: Document, { metadata }: Expected): boolean {
  return iss === metadata.issuer;
}

/** Rules 3 to 5: who is named besides us must be nobody who could have got it instead. */
function isForUs({ aud, azp }: Document, { source: { clientId } }: Expected): boolean {
  const audience = Array.isArray(aud) ? aud : [aud];
  const isNamed = audience.includes(clientId);
  return isNamed && (azp === undefined ? audience.length === 1 : azp === clientId);
}

function isOfThisRequest({ nonce }: Document, expected: Expected): boolean {
  return expected.nonce === undefined || nonce === expected.nonce;
}

function isNotOver({ exp }: Document, _expected: Expected, now: number): boolean {
  return typeof exp === 'number' && Number.isSafeInteger(Math.trunc(exp)) && exp + LEEWAY > now && exp < LAST_SECOND;
}

/** What lies later is no date that can be kept. */
const LAST_SECOND = 253_402_300_000;

function isNotOfTheFuture({ iat, nbf }: Document, _expected: Expected, now: number): boolean {
  return typeof iat === 'number' && iat - LEEWAY <= now && (typeof nbf !== 'number' || nbf - LEEWAY <= now);
}

function namesSomebody({ sub }: Document): boolean {
  return typeof sub === 'string' && sub !== '' && sub.length <= LONGEST_UID;
}

/** NUL can be kept nowhere. */
function isOfStorableText(claims: Document): boolean {
  return !JSON.stringify(claims).includes('\\u0000');
}

/** `at_hash` ties the access token to the id token: OpenID Connect Core, section 3.1.3.6. */
function hashProblem(header: Document, { at_hash }: Document, { accessToken }: Expected): string | undefined {
  if (accessToken === undefined || at_hash === undefined) return undefined;
  const bits = /(256|384|512)$/.exec(String(header.alg))?.[1];
  // EdDSA names no size; Ed25519 goes with SHA-512.
  const digest = createHash(`sha${bits ?? '512'}`)
    .update(accessToken)
    .digest();
  const half = digest.subarray(0, digest.length / 2).toString('base64url');
  return at_hash === half ? undefined : 'at_hash';
}
