import { type Database, DEFAULT_TENANT, type EntityManager, type Migration } from '@postern/database';
import { type EventHandler, onSubject } from '@postern/messaging';
import type { Logger } from '@postern/observability';

/** The event by which the directory announces a tenant. Its envelope carries the new tenant's id as its tenant. */
export const TENANT_CREATED = 'directory.v1.tenant.created';

/** The tenants that an app has seeded: no rows of a tenant, so no row-level security. */
export const TENANTS_MIGRATION: Migration = {
  name: 'service/0001-known-tenant',
  up: ['create table known_tenant (tenant uuid primary key, since timestamptz not null default now())'],
};

export type Seed = (tenant: string, em: EntityManager) => Promise<void>;

export type ProvisionDeps = { database: Database; seed: Seed; log: Logger };

/** Makes sure that every tenant which the app knows has what it starts with: the default one, and those announced so far. */
export async function provisionKnown(deps: ProvisionDeps): Promise<void> {
  const { database } = deps;
  const rows = await database.system((em) => em.execute<{ tenant: string }[]>('select tenant from known_tenant'));
  const tenants = new Set([DEFAULT_TENANT, ...rows.map(({ tenant }) => tenant)]);
  for (const tenant of tenants) await database.write({ tenant }, (em) => provision(tenant, em, deps));
}

/** Seeds a tenant when it is announced. */
export function onTenantCreated(deps: ProvisionDeps): EventHandler<EntityManager> {
  return onSubject(TENANT_CREATED, async ({ tenant }, em: EntityManager) => {
    await provision(tenant, em, deps);
    deps.log.info({ tenant }, 'tenant provisioned');
  });
}

/** Replicas start at once: the lock lets one of them seed and the others find it done. */
async function provision(tenant: string, em: EntityManager, { database, seed }: ProvisionDeps): Promise<void> {
  const lock = `postern.seed.${database.schema}.${tenant}`;
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [lock]);
  await seed(tenant, em);
  await em.execute('insert into known_tenant (tenant) values (?) on conflict do nothing', [tenant]);
}
