import { createHmac, createSecretKey, type KeyObject, sign as signBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { OAuth2Client } from '../../clients/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { joseSignature } from './jose-signature.ts';

/** What signs the tokens of a client. */
export type Signer = {
  readonly alg: 'HS256' | 'RS256' | 'ES256' | 'ES384' | 'ES512';
  /** Absent for a client secret: nobody may look for such a key. */
  readonly kid?: string;
  readonly key: KeyObject;
};

/** The signer of a client: its key pair, or its secret where it has none (OpenID Connect Core, section 10.1). Throws SERVER_ERROR without either. */
export function signerOf({ signingKey, clientSecret }: Pick<OAuth2Client, 'signingKey' | 'clientSecret'>): Signer {
  if (signingKey) return { alg: signingKey.alg, kid: signingKey.kid, key: signingKey.privateKey };
  if (clientSecret === '') throw oauth2Errors.SERVER_ERROR();
  return { alg: 'HS256', key: createSecretKey(clientSecret, 'utf8') };
}

/** What signs the user info of a client: OpenID Connect Core, section 5.3.2. Throws SERVER_ERROR where its key is of another kind. */
export function userInfoSignerOf(
  client: Pick<OAuth2Client, 'signingKey' | 'clientSecret'>,
  alg: 'RS256' | 'ES256' | 'HS256',
): Signer {
  const signer = signerOf(alg === 'HS256' ? { clientSecret: client.clientSecret } : client);
  if (signer.alg !== alg) throw oauth2Errors.SERVER_ERROR();
  return signer;
}

const DIGESTS = { HS256: 'sha256', RS256: 'sha256', ES256: 'sha256', ES384: 'sha384', ES512: 'sha512' } as const;
/** Bytes of a number of the curve. */
const SIZES = { ES256: 32, ES384: 48, ES512: 66 } as const;

/** In the pool of threads: a signature with RSA costs more than the rest of a request. One with P-256 costs less than waking a thread for it. */
const signAside = promisify(signBytes);

/** Signs claims: RFC 7515. The header names `alg`, `typ` and the key, in this order. */
export async function sign(
  claims: Readonly<Record<string, unknown>>,
  { alg, kid, key }: Signer,
  typ = 'JWT',
): Promise<string> {
  const text = `${encoded({ alg, typ, kid })}.${encoded(claims)}`;
  const digest = DIGESTS[alg];
  if (alg === 'HS256') return `${text}.${createHmac(digest, key).update(text).digest('base64url')}`;
  const bytes = Buffer.from(text, 'latin1');
  const signature = alg === 'ES256' ? signBytes(digest, bytes, key) : await signAside(digest, bytes, key);
  return `${text}.${(alg === 'RS256' ? signature : joseSignature(signature, SIZES[alg])).toString('base64url')}`;
}

function encoded(part: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
