import type { OAuth2Client } from '../../clients/index.ts';
import type { Signed } from '../client-keys/index.ts';
import type { OnceUse } from '../once/index.ts';
import { type AuthorizationRequest, requestOfClaims } from './request.ts';

/** Longest life of a request of a client that has to sign, in seconds: FAPI 2.0 Message Signing, section 5.3.1. */
const LONGEST = 3_600;
/** How far the client's clock may be off, in seconds. */
const TOLERANCE = 10;
/** Types that a request may say it is: RFC 9101, section 10.8. Nothing else that a client signs passes for a request. */
const TYPES: readonly unknown[] = ['oauth-authz-req+jwt', 'jwt'];

/** What a request object is measured by. */
export type RequestObjectRule = { readonly client: OAuth2Client; readonly issuer: string; readonly now: Date };

/**
 * Reads a request that its client has signed: RFC 9101, sections 4 and 6. Undefined for one that is not for us, is out of date, points to yet another
 * one, or is something else that the client signs.
 */
export function readRequestObject(
  { header, claims }: Signed,
  { client, issuer, now }: RequestObjectRule,
): AuthorizationRequest | undefined {
  const { typ = 'jwt' } = header;
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  const { iss, aud, sub, client_id, request, request_uri } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const isTheirs = iss === client.clientId && client_id === client.clientId && audiences.includes(issuer);
  // What a client signs to prove who it is has its name as the subject.
  const isRequest =
    TYPES.includes(type) && sub !== client.clientId && request === undefined && request_uri === undefined;
  const isStrict = client.settings.requireSignedRequestObject;
  return isTheirs && isRequest && isInTime(claims, isStrict, now) ? requestOfClaims(claims) : undefined;
}

/** How long an id is remembered of a request that ends later, or never, in milliseconds. */
const MEMORY_MS = 366 * 86_400_000;

/** What a request uses up that has an id (RFC 7519, section 4.1.7): it counts once. Undefined for one without, false for an id that is none. */
export function useOfRequestObject(
  { claims: { jti, exp } }: Signed,
  { client, now }: Pick<RequestObjectRule, 'client' | 'now'>,
): OnceUse | false | undefined {
  if (jti === undefined) return undefined;
  if (typeof jti !== 'string' || jti === '' || jti.length > 512) return false;
  const latest = now.getTime() + MEMORY_MS;
  const ends = typeof exp === 'number' ? Math.min((exp + TOLERANCE) * 1000, latest) : latest;
  return { kind: 'request_object', maker: client.clientId, id: jti, expires: new Date(ends) };
}

/** Whether a request counts now: RFC 7519, sections 4.1.4 to 4.1.6. A client that has to sign says from when and until when, and not for long. */
function isInTime({ exp, nbf, iat }: Signed['claims'], isStrict: boolean, now: Date): boolean {
  const at = now.getTime() / 1000;
  const isEnd = (time: unknown) => typeof time === 'number' && time + TOLERANCE > at;
  const isBegin = (time: unknown) => typeof time === 'number' && time - TOLERANCE <= at;
  if (exp !== undefined && !isEnd(exp)) return false;
  if (![nbf, iat].every((time) => time === undefined || isBegin(time))) return false;
  if (!isStrict) return true;
  return typeof exp === 'number' && typeof nbf === 'number' && exp - nbf <= LONGEST && at - nbf <= LONGEST;
}
