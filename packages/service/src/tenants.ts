import { type Database, DEFAULT_TENANT, type EntityManager, type Migration } from '@postern/database';
import { type EventHandler, onSubject } from '@postern/messaging';
import type { Logger } from '@postern/observability';

/** The event by which the directory announces a tenant. Its envelope carries the new tenant's id as its tenant. */
export const TENANT_CREATED = 'directory.v1.tenant.created';

/** The tenants that an app has seeded: no rows of a tenant, so no row-level security. */
export const TENANTS_MIGRATIONS: readonly Migration[] = [
  {
    name: 'service/0001-known-tenant',
    up: ['create table known_tenant (tenant uuid primary key, since timestamptz not null default now())'],
  },
  {
    name: 'service/0002-tenant-ends',
    up: [
      'alter table known_tenant add column seed_version integer not null default 1',
      'create index known_tenant__seed_version on known_tenant (seed_version)',
      // Tenants that were deleted: late events and calls may still leave something of theirs.
      'create table ended_tenant (tenant uuid primary key, ended timestamptz not null default now())',
    ],
  },
];

export type Seed = (tenant: string, em: EntityManager) => Promise<void>;

export type ProvisionDeps = {
  readonly database: Database;
  readonly seed: Seed;
  /** Counts up when what the app seeds becomes more: tenants that are behind get it at the next start. */
  readonly seedVersion: number;
  readonly log: Logger;
};

/**
 * Makes sure that tenants have what they start with: the default one, and of those announced so far the ones that were seeded by an earlier release that
 * seeded less. What is done costs nothing, however many tenants there are.
 */
export async function provisionKnown(deps: ProvisionDeps): Promise<void> {
  const { database, seedVersion } = deps;
  const rows = await database.system((em) =>
    em.execute<{ tenant: string }[]>('select tenant from known_tenant where seed_version < ?', [seedVersion]),
  );
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
async function provision(tenant: string, em: EntityManager, { database, seed, seedVersion }: ProvisionDeps) {
  const lock = `postern.seed.${database.schema}.${tenant}`;
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [lock]);
  const ended = await em.execute<unknown[]>('select 1 from ended_tenant where tenant = ?', [tenant]);
  if (ended.length > 0) return;
  await seed(tenant, em);
  await em.execute(
    `insert into known_tenant (tenant, seed_version) values (?, ?)
     on conflict (tenant) do update set seed_version = greatest(known_tenant.seed_version, excluded.seed_version)`,
    [tenant, seedVersion],
  );
}
