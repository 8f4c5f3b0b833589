import { createHash } from 'node:crypto';
import { DEFAULT_TENANT, type EntityManager } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { CatalogFile } from '../sources/index.ts';
import { tenantProvisioned } from './standing.events.ts';

/** What the folder holds, as a short text: tenants that were brought to it need not be looked at again. */
export function stateOf(files: readonly Pick<CatalogFile, 'path' | 'hash'>[]): string {
  return createHash('sha256')
    .update(files.map(({ path, hash }) => `${path} ${hash}`).join('\n'))
    .digest('hex');
}

/**
 * Notes that everything of the folder is applied to a tenant, and says so the first time. A change of its instances makes the note void: the database
 * sees to that.
 */
export async function noteStanding(
  em: EntityManager,
  outbox: Outbox,
  { tenant, state }: { readonly tenant: string; readonly state: string },
): Promise<void> {
  const known = await em.execute<unknown[]>('select 1 from blueprint_standing where tenant_id = ?', [tenant]);
  await em.execute(
    `insert into blueprint_standing (tenant_id, state) values (?, ?)
     on conflict (tenant_id) do update set state = excluded.state where blueprint_standing.state <> excluded.state`,
    [tenant, state],
  );
  if (known.length === 0) await outbox.record(em, { tenant }, tenantProvisioned(tenant));
}

/** Tenants to which something of the folder may still have to be applied. One that was founded a moment ago has a job of its own. */
export async function tenantsBehind(em: EntityManager, state: string): Promise<string[]> {
  const rows = await em.execute<{ tenant: string }[]>(
    `select k.tenant from known_tenant k left join blueprint_standing s on s.tenant_id = k.tenant
     where s.state is distinct from ? and (k.tenant = ? or k.since < now() - interval '2 minutes') order by k.since`,
    [state, DEFAULT_TENANT],
  );
  return rows.map(({ tenant }) => tenant);
}
