import type { Pool, PoolClient } from 'pg';

const GRACE = 1_000;

/**
 * Gives back connections that died while a transaction held them. The mapper's query layer releases a connection after its rollback, and a
 * rollback on a dead connection fails: without this, each restart of the server would cost the pool every connection that was busy,
 * until none is left.
 */
export function guardPool(pool: Pool): void {
  const busy = new Set<PoolClient>();
  pool.on('acquire', (client) => busy.add(client));
  pool.on('release', (_error, client) => busy.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      // Whoever releases properly does it by then; releasing twice is an error.
      setTimeout(() => busy.has(client) && client.release(true), GRACE).unref();
    });
  });
}
