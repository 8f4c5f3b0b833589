import type { EntityManager } from '@postern/database';
import { v7 } from 'uuid';
import { hashOf } from '../tokens/index.ts';
import type { Provenance } from './authorization.ts';
import { PushedRequestEntity } from './pushed-request.entity.ts';
import type { AuthorizationRequest } from './request.ts';

/** How addresses of pushed requests begin: RFC 9126, section 2.2. */
const PREFIX = 'urn:ietf:params:oauth:request_uri:';

/** A request that waits, and how it came. */
export type PushedRequest = { readonly request: AuthorizationRequest; readonly provenance: Provenance };

/** Whether an address could be one of ours. */
export function isPushedAddress(address: string): boolean {
  return address.startsWith(PREFIX);
}

/**
 * Stores a request; answers the address that stands for it once.
 *
 * @param secret 32 unguessable bytes; only their hash is stored
 */
export async function insertPushed(
  em: EntityManager,
  { provider, secret, request, provenance, now, lifetime }: PushedRequest & NewPushed,
): Promise<string> {
  const expires = new Date(now.getTime() + lifetime * 1000);
  const row = { pk: v7(), created: now, updated: now, provider, hash: hashOf(secret), expires };
  await em.insert(PushedRequestEntity, { ...row, request, provenance: { ...provenance } });
  return `${PREFIX}${secret}`;
}

type NewPushed = { readonly provider: number; readonly secret: string; readonly now: Date; readonly lifetime: number };

/** Takes a request of a client out, once: of two that try, one gets it. Another client leaves it where it is. */
export async function takePushed(
  em: EntityManager,
  address: string,
  provider: number,
  now: Date,
): Promise<PushedRequest | undefined> {
  const [row] = await em.execute<PushedRequest[]>(
    'delete from oauth2_pushed_request where hash = ? and provider_pk = ? and expires > ? returning request, provenance',
    [hashOf(address.slice(PREFIX.length)), provider, now],
  );
  return row;
}
