import { deleteOne, isUuid } from '@postern/database';
import { common } from '@postern/errors';
import { type directory, providers } from '@postern/proto';
import { eventContext, modelFact, type ResourceDeps, visibleTo } from '@postern/resource';
import { type BoundService, bind, type Call, type Client } from '@postern/rpc';
import type { OtherMappings } from './mapping.keepers.client.ts';
import type { MappingPrograms } from './mapping.programs.ts';
import { tryMapping, unknownUser } from './mapping.trial.ts';
import { PropertyMappingEntity } from './property-mapping.entity.ts';
import { type AnyMapping, kindOf, MAPPING_FAMILY, MAPPING_KINDS } from './property-mapping.kinds.ts';
import { findMapping, listMappings } from './property-mapping.repository.ts';

export type PropertyMappingDeps = ResourceDeps & {
  readonly programs: MappingPrograms;
  readonly others: OtherMappings;
  readonly users: Pick<Client<directory.UserServiceDefinition>, 'getUser'>;
};

/** Implements the verbs that mappings of all kinds share. */
export function createPropertyMappingRpc(deps: PropertyMappingDeps): BoundService {
  const { db, neighbours, programs, others, users } = deps;
  const own = (pk: string, { context }: Call) =>
    isUuid(pk) ? db.read(context, (em) => findMapping(em, pk)) : Promise.resolve(undefined);

  async function find(pk: string, call: Call): Promise<AnyMapping> {
    const found = (await own(pk, call)) ?? (isUuid(pk) ? await others.find(pk, call) : undefined);
    if (!found) throw common.NOT_FOUND();
    return found;
  }

  return bind(providers.PropertyMappingServiceDefinition, {
    async listPropertyMappings(request, call) {
      // The platform keeps no mappings of webhooks; on single ones nobody holds the permission to view mappings of all kinds.
      const isOwnAlone = request.managed_isnull === false || call.reach().kind === 'granted';
      const kept = isOwnAlone ? [] : await others.list(request.search, call);
      const { pagination, results } = await db.read(call.context, (em) =>
        listMappings(em, request, kept, visibleTo(call, em, PropertyMappingEntity)),
      );
      return { pagination, results: results.map(encodeMapping) };
    },
    getPropertyMapping: async ({ pm_uuid }, call) => encodeMapping(await find(pm_uuid, call)),
    async deletePropertyMapping({ pm_uuid }, call) {
      const found = await own(pm_uuid, call);
      if (found) await remove(found, call, deps);
      else if (isUuid(pm_uuid)) await others.remove(pm_uuid, call);
      else throw common.NOT_FOUND();
      return {};
    },
    async listPropertyMappingUsedBy({ pm_uuid }, call) {
      const found = await own(pm_uuid, call);
      if (!found) return others.usedBy((await find(pm_uuid, call)).pk, call);
      const labels = [kindOf(found.kind).model, MAPPING_FAMILY];
      const items = await Promise.all(labels.map((label) => neighbours.usedBy(label, pm_uuid, call)));
      return { items: items.flat() };
    },
    listPropertyMappingTypes: async () => ({
      items: MAPPING_KINDS.map(({ verboseName, description, component, model }) => ({
        name: verboseName,
        description,
        component,
        model_name: model.split('.')[1] ?? '',
      })),
    }),
    async testPropertyMapping({ pm_uuid, format_result, policy_test }, call) {
      const mapping = await find(pm_uuid, call);
      const { user = 0, context = {} } = policy_test ?? {};
      const person = await users.getUser({ id: user }, { call }).catch(unknownUser(user));
      return tryMapping(programs, { mapping, person, context, isLaidOut: format_result === true }, call);
    },
  });
}

/** Deletes a mapping; what refers to it lets go. */
async function remove({ pk, kind, name }: AnyMapping, call: Call, { db, outbox, local }: ResourceDeps): Promise<void> {
  const { subject, model } = kindOf(kind);
  await db.write(call.context, async (em) => {
    const object = { model, pk, name, families: [MAPPING_FAMILY] };
    await outbox.record(em, eventContext(call), modelFact(subject, 'deleted', object));
    await deleteOne(em, PropertyMappingEntity, pk);
    for (const label of [model, MAPPING_FAMILY]) await local?.forget(em, label, pk);
  });
}

function encodeMapping({ pk, kind, managed, name, expression }: AnyMapping): providers.PropertyMapping {
  const { component, verboseName, verboseNamePlural, model } = kindOf(kind);
  return {
    pk,
    managed: managed ?? undefined,
    name,
    expression,
    component,
    verbose_name: verboseName,
    verbose_name_plural: verboseNamePlural,
    meta_model_name: model,
  };
}
