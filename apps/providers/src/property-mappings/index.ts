/**
 * Small programs that make the values which providers send and sources receive: one table, one folder per kind.
 * Programs are kept here and run elsewhere. The platform's own come with the blueprints of the installation.
 */

import { referable } from '@postern/database';
import { PropertyMappingEntity } from './property-mapping.entity.ts';

export { PropertyMappingEntity, type PropertyMappingRow } from './property-mapping.entity.ts';
export { ScopeMappingEntity, type ScopeMappingRow } from './scope/scope-mapping.entity.ts';
export { referableScopeMappings } from './scope/scope-mapping.resource.ts';
export { createScopeMappingRpc } from './scope/scope-mapping.rpc.ts';

/** Mappings of any kind, as fields refer to them. */
export const referablePropertyMappings = referable({
  model: 'authentik_core.propertymapping',
  entity: PropertyMappingEntity,
  title: ({ name }) => name,
});
