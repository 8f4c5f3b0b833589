import { type EntityManager, isUuid, onConstraint } from '@postern/database';
import { common } from '@postern/errors';
import { Domain, type DomainRow, Tenant, type TenantRow } from './tenant.entity.ts';
import { tenantErrors } from './tenant.errors.ts';

/** A tenant by its key. Throws NOT_FOUND, also for what cannot be a key. */
export async function getTenant(em: EntityManager, pk: string): Promise<TenantRow> {
  const found = isUuid(pk) ? await findTenant(em, pk) : undefined;
  if (!found) throw common.NOT_FOUND();
  return found;
}

/** The same, and nobody else changes it, or its domains, before this transaction ends. */
export async function lockTenant(em: EntityManager, pk: string): Promise<TenantRow> {
  if (isUuid(pk)) await em.execute('select 1 from tenant where pk = ? for update', [pk]);
  return getTenant(em, pk);
}

/** Stores a tenant. Without a label it gets one that follows from its key. Throws TENANT_LABEL_TAKEN. */
export async function addTenant(
  em: EntityManager,
  {
    pk,
    name,
    label = `t_${pk.replaceAll('-', '')}`,
    ready = false,
  }: Pick<TenantRow, 'pk' | 'name'> & { label?: string | undefined; ready?: boolean | undefined },
): Promise<void> {
  const sql = 'insert into tenant (pk, name, schema_name, ready) values (?, ?, ?, ?)';
  await em.execute(sql, [pk, name, label, ready]).catch(onConstraint(LABELS));
}

/** Stores what it is called. Throws TENANT_LABEL_TAKEN. */
export async function storeTenant(
  em: EntityManager,
  { pk, name, label, ready }: Pick<TenantRow, 'pk' | 'name' | 'label' | 'ready'>,
): Promise<void> {
  const sql = 'update tenant set name = ?, schema_name = ?, ready = ? where pk = ?';
  await em.execute(sql, [name, label, ready, pk]).catch(onConstraint(LABELS));
}

/** A domain by its key. Throws NOT_FOUND. */
export async function getDomain(em: EntityManager, id: number): Promise<DomainRow> {
  const [row] = await em.createQueryBuilder(Domain).where({ id }).execute<DomainRow[]>('all');
  if (!row) throw common.NOT_FOUND();
  return row;
}

/** Adds a domain and answers its key. Throws DOMAIN_TAKEN. */
export async function addDomain(
  em: EntityManager,
  { domain, isPrimary, tenant }: Omit<DomainRow, 'id'>,
): Promise<number> {
  const sql = 'insert into domain (domain, is_primary, tenant_pk) values (?, ?, ?) returning id';
  const [row] = await em
    .execute<{ id: number }[]>(sql, [domain, isPrimary, tenant])
    .catch(onConstraint({ domain__domain: tenantErrors.DOMAIN_TAKEN }));
  return row?.id ?? 0;
}

/** Stores a domain. Throws DOMAIN_TAKEN. */
export async function storeDomain(em: EntityManager, { id, domain, isPrimary, tenant }: DomainRow): Promise<void> {
  const sql = 'update domain set domain = ?, is_primary = ?, tenant_pk = ? where id = ?';
  await em
    .execute(sql, [domain, isPrimary, tenant, id])
    .catch(onConstraint({ domain__domain: tenantErrors.DOMAIN_TAKEN }));
}

/** Whether another host of the tenant is its primary one. */
export async function hasOtherPrimary(em: EntityManager, tenant: string, id: number): Promise<boolean> {
  const sql = 'select 1 from domain where tenant_pk = ? and id <> ? and is_primary limit 1';
  return (await em.execute<unknown[]>(sql, [tenant, id])).length > 0;
}

/** Takes first place from all hosts of the tenant but one. */
export async function demoteOthers(em: EntityManager, tenant: string, id: number): Promise<void> {
  await em.execute('update domain set is_primary = false where tenant_pk = ? and id <> ? and is_primary', [tenant, id]);
}

/** Gives first place to the oldest host of a tenant where none has it. */
export async function promoteOldest(em: EntityManager, tenant: string): Promise<void> {
  await em.execute(
    `update domain set is_primary = true where id = (select min(id) from domain where tenant_pk = ?)
       and not exists (select 1 from domain where tenant_pk = ? and is_primary)`,
    [tenant, tenant],
  );
}

/** Takes a tenant and its hosts out of the register. */
export async function removeTenant(em: EntityManager, pk: string): Promise<void> {
  await em.execute('delete from tenant where pk = ?', [pk]);
}

const LABELS = { tenant__schema_name: tenantErrors.TENANT_LABEL_TAKEN };

async function findTenant(em: EntityManager, pk: string): Promise<TenantRow | undefined> {
  const [row] = await em.createQueryBuilder(Tenant).where({ pk }).execute<TenantRow[]>('all');
  return row;
}
