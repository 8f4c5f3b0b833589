/**
 * The configuration of a tenant as a whole: written as blueprints that name objects by what tells them apart anywhere, never by keys; read again in an
 * installation of its own; planned, applied over what is there, and cleared of what is not part of it.
 */

import type { FileRegistry } from '@bufbuild/protobuf';
import type { AppParts } from '@postern/service';
import type { ApplyBlueprint } from '../apply/index.ts';
import type { Limits } from '../format/index.ts';
import {
  type ClientFactory,
  createHiddenValues,
  createObjects,
  createPictures,
  readModels,
} from '../registry/index.ts';
import { createCompletion } from './completion.ts';
import { bindConfiguration, type ConfigurationRpcDeps } from './configuration.rpc.ts';
import { createDocuments } from './documents.operations.ts';
import { createExport } from './export.operations.ts';
import { createPruning } from './pruning.operations.ts';

export type { Drift } from './configuration.rpc.ts';

/** What exports are built from. */
export type ConfigurationDeps = Pick<ConfigurationRpcDeps, 'db' | 'outbox' | 'lookForDrift'> & {
  readonly registry: FileRegistry;
  readonly client: ClientFactory;
  readonly applyBlueprint: ApplyBlueprint;
  readonly limits: Limits;
};

/** Builds exports, plans and imports. */
export function createConfiguration(deps: ConfigurationDeps): AppParts {
  const { registry, client, applyBlueprint, limits } = deps;
  const models = readModels(registry);
  const objects = createObjects({ registry, client });
  const holdings = { models, objects, hidden: createHiddenValues({ client }), pictures: createPictures({ client }) };
  const complete = createCompletion({ models, objects });
  const rpc = bindConfiguration({
    ...deps,
    exportConfiguration: createExport({ ...holdings, limits }),
    applyDocuments: createDocuments({ applyBlueprint, complete, limits }),
    prune: createPruning({ ...holdings, applyBlueprint }),
  });
  return { services: [rpc] };
}
