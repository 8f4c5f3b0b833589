import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory } from '@postern/proto';
import { TENANT_CREATED } from '@postern/service';

const CREATED = defineEvent(TENANT_CREATED, directory.TenantCreated);

/** A tenant exists. The envelope carries its key, too. */
export function tenantCreated(tenant: directory.TenantCreated): Fact {
  return fact(CREATED, tenant);
}
