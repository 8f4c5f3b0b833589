import { defineEvent, type Fact, fact } from '@postern/messaging';
import { tasks } from '@postern/proto';

const PROVISIONED = defineEvent('tasks.v1.tenant.provisioned', tasks.TenantProvisioned);

/** Everything is there that blueprints give a tenant to start with. */
export function tenantProvisioned(tenant: string): Fact {
  return fact(PROVISIONED, { pk: tenant });
}
