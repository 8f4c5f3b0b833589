import type { Database } from '@postern/database';
import { providers } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { Assignments } from '../provider.codec.ts';
import { scimProviders } from './scim-provider.resource.ts';

/** Implements the service of SCIM providers. */
export function createScimProviderRpc(deps: ResourceDeps & { db: Database; assignments: Assignments }): BoundService {
  const { db, assignments } = deps;
  const methods = standardMethods(deps, scimProviders({ secrets: db.secrets, assignments }));
  return bind(providers.SCIMProviderServiceDefinition, {
    listSCIMProviders: methods.list,
    createSCIMProvider: ({ scim_provider }, call) => methods.create(scim_provider, call),
    getSCIMProvider: ({ id }, call) => methods.get(id, call),
    updateSCIMProvider: ({ id, scim_provider, update_mask }, call) =>
      methods.update(id, scim_provider, update_mask, call),
    deleteSCIMProvider: ({ id }, call) => methods.remove(id, call),
    listSCIMProviderUsedBy: ({ id }, call) => methods.usedBy(id, call),
  });
}
