import type { EntityManager } from '@postern/database';

/** Uses a digest up. False when it was used before: of two at once, one wins. */
export async function insertOnce(em: EntityManager, hash: string, expires: Date): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    'insert into oauth2_once (hash, expires) values (?, ?) on conflict (tenant_id, hash) do nothing returning pk',
    [hash, expires],
  );
  return rows.length === 1;
}
