import { defineList, exact, type List, listPage } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { keySetting, readSettings, textSetting } from '../plans/index.ts';
import { headOf } from './stage.codec.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import { modelOf, STAGE_FAMILIES } from './stage.families.ts';
import type { StageModel } from './stage.model.ts';
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
        const rows = await em.find(StageEntity, { kind: { $in: [...CONFIGURABLE.keys()] } });
        return { items: rows.sort(byKindAndName).flatMap(userSetting) };
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

/** Kinds that people set up something of their own with. */
const CONFIGURABLE: ReadonlyMap<string, StageModel> = new Map(
  STAGE_FAMILIES.filter(({ model }) => model.userSettings !== undefined).map(({ model }) => [model.kind, model]),
);

/** By the name of the kind in the contract, then by their own. */
function byKindAndName(a: StageRow, b: StageRow): number {
  const [left, right] = [a, b].map(({ kind }) => CONFIGURABLE.get(kind)?.model.split('.')[1] ?? '');
  return (left ?? '').localeCompare(right ?? '') || a.name.localeCompare(b.name);
}

/** How the page of a person's own settings shows a stage, and where its flow begins. */
function userSetting({ pk, kind, settings }: StageRow): auth.UserSetting[] {
  const model = CONFIGURABLE.get(kind);
  const { friendly_name: name, configure_flow: flow } = readSettings(OWN, settings);
  if (model?.userSettings === undefined || (model.userSettings.needsFlow && flow === undefined)) return [];
  const title = name === '' ? model.verboseName : name;
  const configure_url = flow === undefined ? undefined : `/flows/-/configure/${pk}/`;
  return [{ object_uid: pk, title, component: model.userSettings.component, configure_url }];
}

/** What every such kind has; the name is absent from some. */
const OWN = { friendly_name: textSetting(''), configure_flow: keySetting() };
