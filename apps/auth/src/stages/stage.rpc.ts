import { defineList, exact, type List } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { familyObjects } from '../families/index.ts';
import { keySetting, readSettings, textSetting } from '../plans/index.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import { STAGE_FAMILIES } from './stage.families.ts';
import { type StageMethodDeps, stageFamily } from './stage.family.ts';
import type { StageModel } from './stage.model.ts';

const ALL: List<StageRow> = defineList({
  entity: StageEntity,
  filters: { name: exact('name') },
  search: ['name'],
  ordering: { name: 'name', pk: 'pk' },
  defaultOrder: ['name'],
});

/** Serves stages of every kind. */
export function createStageRpc(deps: StageMethodDeps): BoundService {
  const { methods } = familyObjects(deps, stageFamily(deps), ALL);
  return bind(auth.StageServiceDefinition, {
    listStages: methods.list,
    getStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    deleteStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
    listStageTypes: methods.types,
    listStageUserSettings: (_request, call) =>
      deps.db.read(call.context, async (em) => {
        const rows = await em.find(StageEntity, { kind: { $in: [...CONFIGURABLE.keys()] } });
        return { items: rows.sort(byKindAndName).flatMap(userSetting) };
      }),
  });
}

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
