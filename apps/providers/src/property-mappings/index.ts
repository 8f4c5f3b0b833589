/**
 * Small programs that make the values which providers send and sources receive: one table, one folder per kind, and what runs them.
 * The platform's own come with the blueprints of the installation. Mappings of webhooks are kept by `tasks` and shown here among the others.
 */

import { referable } from '@postern/database';
import { createExpressionPeople, type Expressions } from '@postern/expressions';
import type { ResourceDeps } from '@postern/resource';
import type { BoundService } from '@postern/rpc';
import type { StoringDeps } from '@postern/service';
import { createMappingHost } from './mapping.host.client.ts';
import { createOtherMappings } from './mapping.keepers.client.ts';
import { createMappingNeighbours } from './mapping.neighbours.client.ts';
import { createMappingPrograms, type MappingPrograms } from './mapping.programs.ts';
import { PropertyMappingEntity } from './property-mapping.entity.ts';
import { MAPPING_FAMILY } from './property-mapping.kinds.ts';
import { createPropertyMappingRpc } from './property-mapping.rpc.ts';
import { createScopeMappingRpc } from './scope/scope-mapping.rpc.ts';

export {
  createMappingPrograms,
  type MappingCase,
  type MappingHost,
  type MappingProgram,
  type MappingPrograms,
} from './mapping.programs.ts';
export { PropertyMappingEntity, type PropertyMappingRow } from './property-mapping.entity.ts';
export { ScopeMappingEntity, type ScopeMappingRow } from './scope/scope-mapping.entity.ts';
export { referableScopeMappings } from './scope/scope-mapping.resource.ts';

/** Mappings of any kind, as fields refer to them. */
export const referablePropertyMappings = referable({
  model: MAPPING_FAMILY,
  entity: PropertyMappingEntity,
  title: ({ name }) => name,
});

/** What property mappings need. */
export type PropertyMappingsDeps = ResourceDeps & {
  readonly expressions: Expressions;
  readonly client: StoringDeps<object>['client'];
  /** Whether a program is one of the platform, whose meaning is known without running it. */
  readonly isKnown: (expression: string) => boolean;
};

/** Creates the services of property mappings, and what runs their programs for whoever needs values. */
export function createPropertyMappings({ expressions, client, isKnown, ...deps }: PropertyMappingsDeps): {
  services: BoundService[];
  programs: MappingPrograms;
} {
  const { users, userDirectory, groupDirectory, devices, policies, webhooks } = createMappingNeighbours(client);
  const programs = createMappingPrograms({
    expressions,
    people: createExpressionPeople({ userDirectory, groupDirectory }),
    host: createMappingHost({ ...deps, devices, policies }),
  });
  const others = createOtherMappings(webhooks);
  return {
    programs,
    services: [
      createPropertyMappingRpc({ ...deps, programs, others, users }),
      createScopeMappingRpc({ ...deps, expressions, isKnown }),
    ],
  };
}
