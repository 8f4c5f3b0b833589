import { type EntityManager, getOr404, type ListRequest, listPage, onConstraint, type Page } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { api, auth } from '@postern/proto';
import { eventContext, type ModelVerb, modelFact, type ResourceDeps } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { type JsonObject, readSettings } from '../plans/index.ts';
import { bySecrets } from './secret.filter.ts';
import { headOf, listOf, type StageHead, type StageResource, settingsFrom, shownSettings } from './stage.codec.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import { apart, openSettings, type StoredSettings, together } from './stage.secrets.ts';

/** Flows by the stages they use. */
export type FlowSets = (em: EntityManager, stages: readonly string[]) => Promise<ReadonlyMap<string, auth.FlowSet[]>>;

/** What the verbs of the family need. */
export type StageMethodDeps = ResourceDeps & { readonly flowSets: FlowSets };

/** The verbs that every kind of stage has. */
export type StageMethods<Message> = {
  readonly list: (request: ListRequest, call: Call) => Promise<Page<Message>>;
  readonly get: (pk: string, call: Call) => Promise<Message>;
  readonly create: (message: Message | undefined, call: Call) => Promise<Message>;
  readonly update: (
    pk: string,
    message: Message | undefined,
    mask: readonly string[] | undefined,
    call: Call,
  ) => Promise<Message>;
  readonly remove: (pk: string, call: Call) => Promise<Record<never, never>>;
  readonly usedBy: (pk: string, call: Call) => Promise<api.UsedByList>;
};

/** A stage with all of its settings, secrets included. */
type OpenStage = Pick<StageRow, 'pk' | 'name'> & { readonly all: JsonObject };

const NO_SETTINGS: StoredSettings = { settings: {}, secrets: null };

const CONSTRAINTS = {
  stage__name: () => invalidField('name', 'This field must be unique.', 'STAGE_NAME_TAKEN'),
};

/** Gives a kind of stage its verbs: its rows of the family's table, its settings, its facts. */
export function stageMethods<S extends object, Message extends StageHead>(
  { db, outbox, neighbours, flowSets }: StageMethodDeps,
  resource: StageResource<S, Message>,
): StageMethods<Message> {
  const { model, settings } = resource;
  const list = listOf(settings, model);
  const find = (em: EntityManager, pk: string) => findStage(em, pk, model.kind);

  const encode = async (em: EntityManager, call: Call, stages: readonly OpenStage[]): Promise<Message[]> => {
    const flows = await flowSets(
      em,
      stages.map(({ pk }) => pk),
    );
    return stages.map((stage) => {
      const shown = shownSettings(readSettings(settings, stage.all), model, call.context);
      return resource.message(headOf(stage, model, flows.get(stage.pk) ?? []), shown);
    });
  };
  const show = async (em: EntityManager, call: Call, row: StageRow): Promise<Message> => {
    const [message] = await encode(em, call, [{ ...row, all: together(row) }]);
    if (message === undefined) throw common.NOT_FOUND();
    return message;
  };

  const store = async (em: EntityManager, call: Call, row: StageRow, verb: ModelVerb, changed: string[] = []) => {
    await em.flush().catch(onConstraint(CONSTRAINTS));
    await recordStage({ outbox }, em, call, verb, { model: model.model, pk: row.pk, name: row.name }, changed);
    return show(em, call, row);
  };

  const accept = (message: Message, before: StoredSettings, mask: readonly string[] | undefined): StoredSettings => {
    const accepted = settingsFrom({ schema: settings, model }, message, together(before), mask);
    const wrong = resource.check?.(accepted);
    if (wrong !== undefined) throw wrong;
    return apart(model, JSON.parse(JSON.stringify(accepted)));
  };

  return {
    list: (request, call) =>
      db.read(call.context, async (em) => {
        const some = await bySecrets(em, { model, box: db.secrets }, request, call.context);
        const page = await listPage(em, list, request, { where: { kind: model.kind, ...some } });
        const stages = page.results.map((row) => ({ ...row, all: openSettings(db.secrets, row) }));
        return { pagination: page.pagination, results: await encode(em, call, stages) };
      }),
    get: (pk, call) => db.read(call.context, async (em) => show(em, call, await find(em, pk))),
    create: async (message, call) => {
      if (message === undefined) throw common.INVALID_ARGUMENT();
      await neighbours.require(resource.type, message, undefined, call);
      return db.write(call.context, async (em) => {
        const row = em.create(StageEntity, {
          kind: model.kind,
          name: message.name,
          ...accept(message, NO_SETTINGS, undefined),
        });
        em.persist(row);
        return store(em, call, row, 'created');
      });
    },
    update: async (pk, message, mask, call) => {
      if (message === undefined) throw common.INVALID_ARGUMENT();
      await neighbours.require(resource.type, message, mask, call);
      return db.write(call.context, async (em) => {
        const row = await find(em, pk);
        if (mask?.includes('name') ?? true) row.name = message.name;
        Object.assign(row, accept(message, row, mask));
        return store(em, call, row, 'updated', [...(mask ?? ['name', ...Object.keys(settings)])]);
      });
    },
    remove: (pk, call) =>
      db.write(call.context, async (em) => {
        await removeStage({ outbox }, em, call, await find(em, pk), model.model);
        return {};
      }),
    usedBy: async (pk, call) => {
      const { pk: key } = await db.read(call.context, (em) => find(em, pk));
      return { items: await stageUses({ neighbours }, model.model, key, call) };
    },
  };
}

/** A stage by its key; of one kind, when a kind is named. Throws NOT_FOUND. */
export async function findStage(em: EntityManager, pk: string, kind?: string): Promise<StageRow> {
  const row = await getOr404(em, StageEntity, pk);
  if (kind !== undefined && row.kind !== kind) throw common.NOT_FOUND();
  return row;
}

/** Deletes a stage; whatever names it in its settings lets go of it. */
export async function removeStage(
  deps: Pick<ResourceDeps, 'outbox'>,
  em: EntityManager,
  call: Call,
  row: StageRow,
  model: string,
): Promise<void> {
  await recordStage(deps, em, call, 'deleted', { model, pk: row.pk, name: row.name });
  await letGo(em, ['password_stage'], row.pk);
  await em.execute(
    `update stage set settings = jsonb_set(settings, '{configuration_stages}', (settings->'configuration_stages') - ?::text)
     where settings->'configuration_stages' @> to_jsonb(?::text)`,
    [row.pk, row.pk],
  );
  em.remove(row);
  await em.flush();
}

/** Clears settings that name an object which goes. */
export async function letGo(em: EntityManager, settings: readonly string[], key: string): Promise<void> {
  for (const setting of settings) {
    await em.execute(`update stage set settings = settings - ?::text, updated = now() where settings->>? = ?`, [
      setting,
      setting,
      key,
    ]);
  }
}

/** What refers to a stage: as a stage of its kind, and as a stage. */
export async function stageUses(
  { neighbours }: Pick<ResourceDeps, 'neighbours'>,
  model: string,
  pk: string,
  call: Call,
) {
  const [own, general] = await Promise.all([
    neighbours.usedBy(model, pk, call),
    neighbours.usedBy('authentik_flows.stage', pk, call),
  ]);
  return [...own, ...general];
}

async function recordStage(
  { outbox }: Pick<ResourceDeps, 'outbox'>,
  em: EntityManager,
  call: Call,
  verb: ModelVerb,
  object: { model: string; pk: string; name: string },
  changed: string[] = [],
): Promise<void> {
  await outbox.record(em, eventContext(call), modelFact('auth.v1.stage', verb, object, changed));
}
