import type { EntityManager } from '@postern/database';
import type { PendingAuthorization } from './authorization.ts';
import { RequestEntity } from './request.entity.ts';

/** How long somebody may take to pass the flow, in milliseconds. */
const LIFETIME_MS = 3_600_000;

/** An authorization request that waits for its flow. */
export type PendingRequest = { readonly provider: number; readonly details: PendingAuthorization };

/** Stores a request that waits for a flow. */
export async function insertRequest(
  em: EntityManager,
  reference: string,
  { provider, details }: PendingRequest,
  now: Date,
): Promise<void> {
  const expires = new Date(now.getTime() + LIFETIME_MS);
  const row = { pk: reference, created: now, updated: now, provider, details: withoutUnset(details), expires };
  await em.insert(RequestEntity, row);
}

type Row = { provider_pk: number; details: PendingAuthorization };

/** A request that still waits. */
export async function findRequest(
  em: EntityManager,
  reference: string,
  now: Date,
): Promise<PendingRequest | undefined> {
  const sql = 'select provider_pk, details from oauth2_request where pk = ? and expires > ?';
  return pending(await em.execute<Row[]>(sql, [reference, now]));
}

/** Takes a request out, once: of two that try, one gets it. */
export async function takeRequest(em: EntityManager, reference: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>('delete from oauth2_request where pk = ? returning pk', [reference]);
  return rows.length === 1;
}

function pending([row]: readonly Row[]): PendingRequest | undefined {
  return row && { provider: row.provider_pk, details: row.details };
}

/** The mapper writes what is unset as null, which means something else to whoever reads it. */
function withoutUnset(details: PendingAuthorization): PendingAuthorization {
  return JSON.parse(JSON.stringify(details));
}
