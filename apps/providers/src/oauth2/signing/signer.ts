import { createSecretKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { OAuth2Client } from '../../clients/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';

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

/** Signs claims: RFC 7515. The header names `alg`, `typ` and the key, in this order. */
export async function sign(
  claims: Readonly<Record<string, unknown>>,
  { alg, kid, key }: Signer,
  typ = 'JWT',
): Promise<string> {
  const header = { alg, typ, ...(kid === undefined ? {} : { kid }) };
  return new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);
}
