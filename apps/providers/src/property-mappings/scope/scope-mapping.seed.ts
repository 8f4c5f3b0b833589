import { type EntityManager, seedId } from '@postern/database';
import { PropertyMappingEntity } from '../property-mapping.entity.ts';
import { MANAGED_SCOPES, type ManagedScope } from './scope-mapping.defaults.ts';
import { ScopeMappingEntity } from './scope-mapping.entity.ts';

const MODEL = 'authentik_providers_oauth2.scopemapping';

/** Lays down the scopes of the platform: those that are missing are made, those that somebody changed are set back. */
export async function seedScopeMappings(tenant: string, em: EntityManager): Promise<void> {
  for (const scope of MANAGED_SCOPES) await lay(tenant, em, scope);
  await em.flush();
}

async function lay(tenant: string, em: EntityManager, scope: ManagedScope): Promise<void> {
  const { managed } = scope;
  const found = await em.findOne(ScopeMappingEntity, { managed });
  const taken = await em.count(PropertyMappingEntity, {
    name: scope.name,
    $or: [{ managed: null }, { managed: { $ne: managed } }],
  });
  const wanted = { ...scope, name: taken === 0 ? scope.name : `${scope.name} (${managed})` };
  if (found) em.assign(found, wanted);
  else em.create(ScopeMappingEntity, { pk: seedId(tenant, MODEL, managed), kind: 'scope', ...wanted });
}
