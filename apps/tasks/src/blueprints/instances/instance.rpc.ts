import { type EntityManager, getOr404 } from '@postern/database';
import { common } from '@postern/errors';
import { tasks } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { asJsonObject } from '../format/index.ts';
import type { Catalog, CatalogFile } from '../sources/index.ts';
import type { Checks } from './instance.checks.ts';
import { Instance, type InstanceEntity } from './instance.entity.ts';
import { type InstanceDeps, instanceResource } from './instance.resource.ts';

export type InstanceRpcDeps = ResourceDeps & {
  readonly clock: InstanceDeps['clock'];
  readonly checks: Checks;
  readonly catalog: Catalog;
  /** Applies an instance for somebody who waits. */
  readonly apply: (row: InstanceEntity, call: Call) => Promise<void>;
};

/** Instances of blueprints over RPC. */
export function bindInstances(deps: InstanceRpcDeps): BoundService {
  const { db, clock, checks, catalog, apply } = deps;
  const instances = standardMethods(deps, instanceResource({ secrets: db.secrets, clock }));

  const stored = (pk: string, call: Call) => db.read(call.context, (em: EntityManager) => getOr404(em, Instance, pk));

  async function update(request: tasks.UpdateBlueprintRequest, call: Call): Promise<tasks.BlueprintInstance> {
    const { instance_uuid, blueprint_instance: given, update_mask: mask } = request;
    const row = await stored(instance_uuid, call);
    const names = (field: string) => mask?.includes(field) ?? true;
    const wanted = {
      path: names('path') ? (given?.path ?? '') : '',
      content: names('content') ? (given?.content ?? '') : '',
      context: names('context') ? asJsonObject(given?.context) : row.context,
    };
    await checks.require(wanted, call);
    return instances.update(instance_uuid, given, mask, call);
  }

  return bind(tasks.BlueprintServiceDefinition, {
    listBlueprints: (request, call) => instances.list(request, call),
    getBlueprint: ({ instance_uuid }, call) => instances.get(instance_uuid, call),
    async createBlueprint({ blueprint_instance: given }, call) {
      if (!given) throw common.INVALID_ARGUMENT();
      const { path, content, context } = given;
      await checks.require({ path, content, context: asJsonObject(context) }, call);
      return instances.create(given, call);
    },
    updateBlueprint: update,
    deleteBlueprint: ({ instance_uuid }, call) => instances.remove(instance_uuid, call),
    listBlueprintUsedBy: ({ instance_uuid }, call) => instances.usedBy(instance_uuid, call),
    async listAvailableBlueprints() {
      return { items: (await catalog.files().catch(() => [])).map(encodeFile) };
    },
    async applyBlueprint({ instance_uuid }, call) {
      const row = await stored(instance_uuid, call);
      await apply(row, call);
      return instances.get(row.pk, call);
    },
  });
}

function encodeFile({ path, changedAt, hash, metadata }: CatalogFile): tasks.BlueprintFile {
  return {
    path,
    hash,
    last_m: changedAt.toISOString(),
    meta: metadata && { ...metadata, labels: { ...metadata.labels } },
  };
}
