import { type BoundService, guardedBy } from '@postern/rpc';
import { createApiKeyGuard } from './api-key.guard.ts';
import { bindDomains } from './domain.rpc.ts';
import { bindTenantRegistry, type RegistryDeps } from './registry.rpc.ts';

/** What operators need. */
export type OperatorsDeps = RegistryDeps & {
  /** What opens the register; without it nothing does. */
  readonly key: string | undefined;
};

/** What the operators of an installation reach with their key: the register of tenants and that of their hosts, each behind it as a whole. */
export function bindForOperators({ key, ...deps }: OperatorsDeps): BoundService[] {
  const guard = createApiKeyGuard(key);
  return [bindTenantRegistry(deps), bindDomains(deps)].map((service) => guardedBy(guard, service));
}
