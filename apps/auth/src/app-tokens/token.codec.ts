import { createCipheriv, createDecipheriv, createHmac, randomBytes, sign, timingSafeEqual, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningKeys } from './signing.keys.ts';

/** What tokens of apps are signed with. */
export type TokenAlgorithm = 'RS256' | 'HS256';

/** What a token is for. */
export type TokenUse = 'access' | 'refresh';

/** What a token says. */
export type TokenClaims = {
  /** When it was made and when it ends, in seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  /** Key of its session. */
  readonly session: string;
  readonly jti: string;
  readonly use: TokenUse;
  /** Key of the user. */
  readonly user: number;
};

const signed = promisify(sign);
const verified = promisify(verify);
const IV_BYTES = 16;
const KEY_BYTES = 32;
const LONGEST = 4096;

/** Writes a token (RFC 7519, JWS compact form). */
export async function writeToken(keys: SigningKeys, algorithm: TokenAlgorithm, claims: TokenClaims): Promise<string> {
  const { iat, exp, session, jti, use, user } = claims;
  const header = { alg: algorithm, ...(algorithm === 'RS256' && { kid: keys.kid }), typ: 'JWT' };
  const payload = { iat, exp, sid: covered(keys, session), jti, token_use: use, sub: String(user) };
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${(await signatureOf(keys, algorithm, input)).toString('base64url')}`;
}

/**
 * Reads a token of ours; undefined for any other, for one that has ended, and for one of another algorithm than the tenant's: what a token says
 * of its own algorithm is believed about nothing (RFC 8725, section 3.1).
 */
export async function readToken(
  keys: SigningKeys,
  algorithm: TokenAlgorithm,
  token: string,
  { use, now }: { readonly use: TokenUse; readonly now: Date },
): Promise<TokenClaims | undefined> {
  const [head = '', body = '', signature = '', more] = token.length > LONGEST ? [] : token.split('.');
  if (more !== undefined || parsed(head).alg !== algorithm) return undefined;
  const given = Buffer.from(signature, 'base64url');
  if (!(await isSigned(keys, algorithm, `${head}.${body}`, given))) return undefined;
  const { iat, exp, sid, jti, token_use, sub } = parsed(body);
  if (typeof iat !== 'number' || typeof exp !== 'number' || typeof jti !== 'string' || token_use !== use)
    return undefined;
  if (exp * 1000 <= now.getTime()) return undefined;
  return { iat, exp, jti, use, session: uncovered(keys, String(sid)), user: Number(sub) };
}

async function signatureOf(keys: SigningKeys, algorithm: TokenAlgorithm, input: string): Promise<Buffer> {
  if (algorithm === 'HS256') return createHmac('sha256', keys.secret).update(input).digest();
  return signed('sha256', Buffer.from(input), keys.privateKey);
}

async function isSigned(keys: SigningKeys, algorithm: TokenAlgorithm, input: string, given: Buffer): Promise<boolean> {
  if (algorithm === 'RS256') return verified('sha256', Buffer.from(input), keys.publicKey, given);
  const expected = await signatureOf(keys, algorithm, input);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

// Whoever reads a token learns nothing of its session, nor that two are of the same one. The signature keeps it from being changed.
function covered({ cover }: SigningKeys, session: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-ctr', cover, iv);
  return Buffer.concat([iv, cipher.update(Buffer.from(session, 'base64url')), cipher.final()]).toString('base64');
}

function uncovered({ cover }: SigningKeys, sid: string): string {
  const bytes = Buffer.from(sid, 'base64');
  if (bytes.length !== IV_BYTES + KEY_BYTES) return '';
  const decipher = createDecipheriv('aes-256-ctr', cover, bytes.subarray(0, IV_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]).toString('base64url');
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parsed(part: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    return {};
  }
}
