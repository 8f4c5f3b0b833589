import { defineEntity, type InferEntity, type PlainRow, p } from '@postern/database';

/** An organisation. Belongs to no tenant itself. */
export const Tenant = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  properties: {
    pk: p.uuid().primary(),
    /** What the contract calls the schema of its database: a label here. */
    label: p.string().length(63).name('schema_name').unique('tenant__schema_name'),
    name: p.text(),
    ready: p.boolean().default(false),
    created: p.datetime().defaultRaw('now()'),
  },
});

/** A tenant as lists read it. */
export type TenantRow = PlainRow<InferEntity<typeof Tenant>>;

/** A host that a tenant answers to. */
export const Domain = defineEntity({
  name: 'Domain',
  tableName: 'domain',
  properties: {
    id: p.integer().primary().autoincrement(),
    domain: p.string().length(253).unique('domain__domain'),
    isPrimary: p.boolean().default(true),
    tenant: p.uuid().name('tenant_pk'),
  },
});

/** A domain as lists read it. */
export type DomainRow = PlainRow<InferEntity<typeof Domain>>;
