import type { Geo } from '@postern/geo';
import { auth } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { reputationsWith } from './reputation.resource.ts';

/** Serves records. */
export function createReputationRpc(deps: ResourceDeps, geo: Pick<Geo, 'locate'>): BoundService {
  const methods = standardMethods(deps, reputationsWith(geo));
  return bind(auth.ReputationServiceDefinition, {
    listReputations: methods.list,
    getReputation: ({ reputation_uuid }, call) => methods.get(reputation_uuid, call),
    deleteReputation: ({ reputation_uuid }, call) => methods.remove(reputation_uuid, call),
    listReputationUsedBy: ({ reputation_uuid }, call) => methods.usedBy(reputation_uuid, call),
  });
}
