import { directory } from '@postern/proto';
import { eventContext } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { Brands } from '../brands/index.ts';
import type { Tenants } from './tenant.operations.ts';

/** Answers the edge and the other services about tenants. */
export function bindTenants(tenants: Tenants, brands: Pick<Brands, 'shownAt'>): BoundService {
  return bind(directory.TenantServiceDefinition, {
    async resolveHost({ host }) {
      const tenant = await tenants.ofHost(host);
      return { tenant, ...(await brands.shownAt(tenant, host)) };
    },
    async createTenant({ name, domains }, call) {
      return { tenant: await tenants.create({ name, domains }, eventContext(call)) };
    },
  });
}
