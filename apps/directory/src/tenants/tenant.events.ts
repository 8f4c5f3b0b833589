import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory, tasks } from '@postern/proto';
import { type FieldChange, type ModelVerb, modelFact } from '@postern/resource';
import { TENANT_CREATED, TENANT_DELETED } from '@postern/service';
import type { DomainRow, TenantRow } from './tenant.entity.ts';

const CREATED = defineEvent(TENANT_CREATED, directory.TenantCreated);
const DELETED = defineEvent(TENANT_DELETED, directory.TenantDeleted);

/** `tasks` tells that everything is there that blueprints give a tenant. */
export const PROVISIONED = defineEvent('tasks.v1.tenant.provisioned', tasks.TenantProvisioned);

/** A tenant exists. The envelope carries its key, too. */
export function tenantCreated(tenant: directory.TenantCreated): Fact {
  return fact(CREATED, tenant);
}

/** A tenant is called something else. */
export function tenantUpdated({ pk, name }: Pick<TenantRow, 'pk' | 'name'>, change: FieldChange): Fact {
  return modelFact('directory.v1.tenant', 'updated', { model: 'authentik_tenants.tenant', pk, name }, change);
}

/** A tenant is no more. The envelope carries its key, too. */
export function tenantDeleted({ pk, name }: Pick<TenantRow, 'pk' | 'name'>): Fact {
  return fact(DELETED, { pk, name });
}

/** What became of a host of a tenant. */
export function domainFact(verb: ModelVerb, { id, domain }: DomainRow, change?: FieldChange): Fact {
  return modelFact('directory.v1.domain', verb, { model: 'authentik_tenants.domain', pk: id, name: domain }, change);
}
