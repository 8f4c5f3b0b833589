import { invalidField } from '@postern/errors';
import { type Expressions, requireCode } from '@postern/expressions';
import { providers } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { scopeMappings } from './scope-mapping.resource.ts';

export type ScopeMappingDeps = ResourceDeps & {
  readonly expressions: Pick<Expressions, 'check'>;
  /** Whether this is a program of the platform. */
  readonly isKnown: (expression: string) => boolean;
};

/** Implements the service of scope mappings. */
export function createScopeMappingRpc(deps: ScopeMappingDeps): BoundService {
  const methods = standardMethods(deps, scopeMappings);

  /** The platform's own programs are known by their text: no interpreter is started to look at them. */
  async function check(mapping: providers.ScopeMapping | undefined, mask: readonly string[] | undefined, call: Call) {
    requireOneWord(mapping, mask);
    const code = (mask?.includes('expression') ?? true) ? mapping?.expression : undefined;
    if (code && !deps.isKnown(code)) await requireCode(deps.expressions, code, call.context.tenant);
  }

  return bind(providers.ScopeMappingServiceDefinition, {
    listScopeMappings: methods.list,
    async createScopeMapping({ scope_mapping }, call) {
      await check(scope_mapping, undefined, call);
      return methods.create(scope_mapping, call);
    },
    getScopeMapping: ({ pm_uuid }, call) => methods.get(pm_uuid, call),
    async updateScopeMapping({ pm_uuid, scope_mapping, update_mask }, call) {
      await check(scope_mapping, update_mask, call);
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
