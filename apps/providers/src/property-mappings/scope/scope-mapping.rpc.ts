import { invalidField } from '@postern/errors';
import { providers } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { scopeMappings } from './scope-mapping.resource.ts';

/** Implements the service of scope mappings. */
export function createScopeMappingRpc(deps: ResourceDeps): BoundService {
  const methods = standardMethods(deps, scopeMappings);
  return bind(providers.ScopeMappingServiceDefinition, {
    listScopeMappings: methods.list,
    async createScopeMapping({ scope_mapping }, call) {
      requireOneWord(scope_mapping, undefined);
      return methods.create(scope_mapping, call);
    },
    getScopeMapping: ({ pm_uuid }, call) => methods.get(pm_uuid, call),
    async updateScopeMapping({ pm_uuid, scope_mapping, update_mask }, call) {
      requireOneWord(scope_mapping, update_mask);
      return methods.update(pm_uuid, scope_mapping, update_mask, call);
    },
    deleteScopeMapping: ({ pm_uuid }, call) => methods.remove(pm_uuid, call),
    listScopeMappingUsedBy: ({ pm_uuid }, call) => methods.usedBy(pm_uuid, call),
  });
}

/** A scope is one word, because requests part scopes by blanks: RFC 6749, section 3.3. */
function requireOneWord(mapping: providers.ScopeMapping | undefined, mask: readonly string[] | undefined): void {
  const isMeant = mapping !== undefined && (mask?.includes('scope_name') ?? true);
  if (isMeant && /\s/.test(mapping.scope_name)) throw invalidField('scope_name', 'Value must not contain spaces.');
}
