import { p } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v5 } from 'uuid';
import { newId } from './new-id.ts';

/** The tenant every installation has; fixed, so that each service can seed its part without asking. */
export const DEFAULT_TENANT = '00000000-0000-7000-8000-000000000001';

/** Name of the transaction's setting that row-level security compares with. */
export const TENANT_SETTING = 'postern.tenant';

/** The tenant of the transaction, as SQL. Fails when there is none. */
export const CURRENT_TENANT = `current_setting('${TENANT_SETTING}')::uuid`;

/** The tenant of a transaction. Throws TypeError where it has none. */
export function tenantOf(em: Pick<EntityManager, 'getSessionContext'>): string {
  const tenant = em.getSessionContext()?.variables?.[TENANT_SETTING];
  if (typeof tenant !== 'string') throw new TypeError('the transaction has no tenant');
  return tenant;
}

/**
 * Key of an object that a fresh tenant starts with: version 5 UUID of (tenant, kind, name), the same in every service.
 *
 * @param kind model label, such as `authentik_flows.flow`
 */
export function seedId(tenant: string, kind: string, name: string): string {
  return v5(`${kind}:${name}`, tenant);
}

/** Primary key: a version 7 UUID, which grows with time. */
export function uuidKey() {
  return p
    .uuid()
    .primary()
    .onCreate(() => newId());
}

/** The column that says whose row it is. Nobody sets it: the database fills it in from the transaction. */
export function tenantColumn() {
  return p.uuid().name('tenant_id').defaultRaw(CURRENT_TENANT).hidden().lazy();
}

/** When the row was made and last changed. */
export function timestamps() {
  return {
    created: p.datetime().onCreate(() => new Date()),
    updated: p
      .datetime()
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  };
}

/** What every table of a tenant starts with: `properties: { ...tenantTable(), name: p.text() }`. */
export function tenantTable() {
  return { pk: uuidKey(), tenant: tenantColumn(), ...timestamps() };
}
