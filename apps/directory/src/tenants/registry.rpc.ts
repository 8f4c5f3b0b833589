import { type Database, DEFAULT_TENANT, defineList, listPage, raw } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { changeOf, eventContext } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { Tenant, type TenantRow } from './tenant.entity.ts';
import { tenantErrors } from './tenant.errors.ts';
import { tenantDeleted, tenantUpdated } from './tenant.events.ts';
import type { Tenants } from './tenant.operations.ts';
import { getTenant, lockTenant, removeTenant, storeTenant } from './tenant.repository.ts';

/** What the register of tenants needs. */
export type RegistryDeps = {
  readonly db: Pick<Database, 'system'>;
  readonly outbox: Outbox;
  readonly tenants: Pick<Tenants, 'create'>;
};

const tenantList = defineList({
  entity: Tenant,
  search: [
    'name',
    'label',
    (term) => ({ [raw((alias) => `${alias}.pk in (${OF_HOST})`, [`%${escapeLike(term)}%`])]: [] }),
  ],
  ordering: { tenant_uuid: 'pk', schema_name: 'label', name: 'name', ready: 'ready' },
  defaultOrder: ['schema_name'],
});

const OF_HOST = 'select tenant_pk from domain where domain like ?';
const LABEL = /^t_[a-z0-9]{1,61}$/;
const DEFAULT_LABEL = 'public';

/** The register of tenants, for operators. Reads and writes rows of no tenant. */
export function bindTenantRegistry({ db, outbox, tenants }: RegistryDeps): BoundService {
  return bind(directory.TenantRegistryServiceDefinition, {
    listTenants: (request) =>
      db.system(
        async (em) => {
          const { pagination, results } = await listPage(em, tenantList, request);
          return { pagination, results: results.map(encode) };
        },
        { readOnly: true },
      ),

    getTenant: ({ tenant_uuid }) => db.system(async (em) => encode(await getTenant(em, tenant_uuid))),

    async foundTenant({ tenant }, call) {
      if (!tenant) throw common.INVALID_ARGUMENT();
      const label = requireLabel(tenant.schema_name);
      const { name, ready } = tenant;
      const pk = await tenants.create({ name, label, ready, domains: [] }, eventContext(call));
      return db.system(async (em) => encode(await getTenant(em, pk)));
    },

    updateTenant: ({ tenant_uuid, tenant, update_mask }, call) =>
      db.system(async (em) => {
        if (!tenant) throw common.INVALID_ARGUMENT();
        const before = await lockTenant(em, tenant_uuid);
        const has = (field: string) => update_mask?.includes(field) ?? true;
        const name = has('name') ? tenant.name : before.name;
        const label = has('schema_name') ? requireLabelOf(before, tenant.schema_name) : before.label;
        const ready = has('ready') ? tenant.ready : before.ready;
        await storeTenant(em, { pk: before.pk, name, label, ready });
        const change = changeOf(FIELDS, valuesOf(before), valuesOf({ name, label, ready }));
        const context = { ...eventContext(call), tenant: before.pk };
        if (change.changed.length > 0) await outbox.record(em, context, tenantUpdated({ pk: before.pk, name }, change));
        return encode({ ...before, name, label, ready });
      }),

    deleteTenant: ({ tenant_uuid }, call) =>
      db.system(async (em) => {
        const tenant = await lockTenant(em, tenant_uuid);
        if (tenant.pk === DEFAULT_TENANT) throw tenantErrors.TENANT_DEFAULT();
        await removeTenant(em, tenant.pk);
        await outbox.record(em, { ...eventContext(call), tenant: tenant.pk }, tenantDeleted(tenant));
        return {};
      }),
  });
}

function encode({ pk, label, name, ready }: Pick<TenantRow, 'pk' | 'label' | 'name' | 'ready'>): directory.Tenant {
  return { tenant_uuid: pk, schema_name: label, name, ready };
}

const FIELDS = ['name', 'schema_name', 'ready'];

function valuesOf({ name, label, ready }: Pick<TenantRow, 'name' | 'label' | 'ready'>) {
  return { name, schema_name: label, ready };
}

function requireLabel(label: string): string {
  if (!LABEL.test(label)) throw tenantErrors.TENANT_LABEL_MALFORMED();
  return label;
}

/** The default tenant keeps its label, and nobody else gets it. */
function requireLabelOf({ pk }: Pick<TenantRow, 'pk'>, label: string): string {
  if (pk !== DEFAULT_TENANT) return requireLabel(label);
  if (label !== DEFAULT_LABEL) throw tenantErrors.TENANT_LABEL_MALFORMED();
  return label;
}

function escapeLike(term: string): string {
  return term.toLowerCase().replaceAll(/[\\%_]/g, '\\$&');
}
