import { defineList, exact, type List, listPage } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { readSettings } from '../plans/index.ts';
import { passwordSettings } from './password/index.ts';
import { headOf } from './stage.codec.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import { modelOf, STAGE_FAMILIES } from './stage.families.ts';
import { findStage, removeStage, type StageMethodDeps, stageUses } from './stage-methods.rpc.ts';

const ALL: List<StageRow> = defineList({
  entity: StageEntity,
  filters: { name: exact('name') },
  search: ['name'],
  ordering: { name: 'name', pk: 'pk' },
  defaultOrder: ['name'],
});

/** Serves stages of every kind. */
export function createStageRpc(deps: StageMethodDeps): BoundService {
  const { db, flowSets } = deps;
  return bind(auth.StageServiceDefinition, {
    listStages: (request, call) =>
      db.read(call.context, async (em) => {
        const { pagination, results } = await listPage(em, ALL, request);
        const keys = results.map(({ pk }) => pk);
        const flows = await flowSets(em, keys);
        return { pagination, results: results.map((row) => headOf(row, modelOf(row.kind), flows.get(row.pk) ?? [])) };
      }),
    getStage: ({ stage_uuid }, call) =>
      db.read(call.context, async (em) => {
        const row = await findStage(em, stage_uuid);
        const flows = await flowSets(em, [row.pk]);
        return headOf(row, modelOf(row.kind), flows.get(row.pk) ?? []);
      }),
    deleteStage: ({ stage_uuid }, call) =>
      db.write(call.context, async (em) => {
        const row = await findStage(em, stage_uuid);
        await removeStage(deps, em, call, row, modelOf(row.kind)?.model ?? 'authentik_flows.stage');
        return {};
      }),
    listStageUsedBy: async ({ stage_uuid }, call) => {
      const row = await db.read(call.context, (em) => findStage(em, stage_uuid));
      return { items: await stageUses(deps, modelOf(row.kind)?.model ?? '', row.pk, call) };
    },
    listStageTypes: async () => ({ items: TYPES }),
    listStageUserSettings: (_request, call) =>
      db.read(call.context, async (em) => {
        const rows = await em.find(StageEntity, { kind: 'password' }, { orderBy: { name: 'asc' } });
        return { items: rows.flatMap(passwordChange) };
      }),
  });
}

const TYPES = STAGE_FAMILIES.filter(({ model }) => model.isForDebugging !== true)
  .map(({ model }) => ({
    name: model.verboseName,
    description: model.verboseName,
    component: model.component,
    model_name: model.model,
  }))
  .sort((a, b) => a.name.localeCompare(b.name));

/** Where people change their own password: a password stage that has a flow for it. */
function passwordChange(row: StageRow): auth.UserSetting[] {
  const { configure_flow } = readSettings(passwordSettings, row.settings);
  if (configure_flow === undefined) return [];
  const configure_url = `/flows/-/configure/${row.pk}/`;
  return [{ object_uid: row.pk, title: row.name, component: 'ak-user-settings-password', configure_url }];
}
