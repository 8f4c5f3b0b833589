/** Flows as files: written as blueprints with all that hangs on them, and read again here or in another installation. */

import type { FileRegistry } from '@bufbuild/protobuf';
import type { AppParts } from '@postern/service';
import {
  type ApplyBlueprint,
  type ClientFactory,
  createObjects,
  type Limits,
  readModels,
} from '../blueprints/index.ts';
import { createFlowImporter } from './flow.importer.ts';
import { createFlowWriter } from './flow.writer.ts';
import { createFlowReader } from './flow-contents.client.ts';
import { createFlowTransferRpc } from './flow-transfer.rpc.ts';

/** What flows as files are built from. */
export type FlowTransferDeps = {
  readonly registry: FileRegistry;
  readonly client: ClientFactory;
  readonly clock: { now(): Date };
  readonly applyBlueprint: ApplyBlueprint;
  readonly limits: Limits;
};

/** Builds it. */
export function createFlowTransfer({ registry, client, clock, applyBlueprint, limits }: FlowTransferDeps): AppParts {
  const models = readModels(registry);
  const objects = createObjects({ registry, client });
  return {
    services: [
      createFlowTransferRpc({
        readFlow: createFlowReader({ models, objects, client }),
        writeFlow: createFlowWriter({ models, objects, clock }),
        importFlow: createFlowImporter({ applyBlueprint, limits }),
      }),
    ],
  };
}
