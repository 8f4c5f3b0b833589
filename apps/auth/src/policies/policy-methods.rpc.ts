import {
  type EntityManager,
  getOr404,
  type ListRequest,
  listPage,
  onConstraint,
  type Page,
  type PlainRow,
} from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { api } from '@postern/proto';
import { eventContext, type ModelVerb, modelFact, type ResourceDeps } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { isJsonObject, type JsonObject, readSettings } from '../plans/index.ts';
import { headOf, listOf, type PolicyHead, settingsFrom, usesOf } from './policy.codec.ts';
import { PolicyEntity, type PolicyRow } from './policy.entity.ts';
import { POLICY_FAMILY } from './policy.families.ts';
import type { PolicyKind } from './policy.model.ts';

/** The verbs that every kind of policy has. */
export type PolicyMethods<Message> = {
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

const CONSTRAINTS = {
  policy__name: () => invalidField('name', 'Policy with this name already exists.', 'POLICY_NAME_TAKEN'),
};

/** Gives a kind of policy its verbs: its rows of the family's table, its settings, its facts. */
export function policyMethods<S extends object, Message extends PolicyHead>(
  deps: ResourceDeps,
  kind: PolicyKind<S>,
  messageOf: (head: PolicyHead, settings: S) => Message,
): PolicyMethods<Message> {
  const { db } = deps;
  const { model, settings } = kind.family;
  const list = listOf(settings);
  const find = (em: EntityManager, pk: string) => findPolicy(em, pk, model.kind);

  const encode = async (em: EntityManager, rows: readonly PlainRow<PolicyRow>[]): Promise<Message[]> => {
    const uses = await usesOf(em, keysOf(rows));
    return rows.map((row) =>
      messageOf(headOf(row, model, uses.get(row.pk) ?? 0), readSettings(settings, row.settings)),
    );
  };
  const show = async (em: EntityManager, row: PlainRow<PolicyRow>): Promise<Message> => {
    const [message] = await encode(em, [row]);
    if (message === undefined) throw common.NOT_FOUND();
    return message;
  };
  const store = async (em: EntityManager, call: Call, row: PolicyRow, verb: ModelVerb, changed: string[] = []) => {
    await em.flush().catch(onConstraint(CONSTRAINTS));
    await recordPolicy(deps, em, call, verb, { model: model.model, pk: row.pk, name: row.name }, changed);
    return show(em, row);
  };
  /** What the message makes of the settings. Judging an expression takes its time: no transaction waits for it. */
  const accept = async (message: Message, before: JsonObject, mask: readonly string[] | undefined, call: Call) => {
    const accepted = settingsFrom(settings, message, before, mask);
    const wrong = await kind.check?.(accepted, { tenant: call.context.tenant });
    if (wrong !== undefined) throw wrong;
  };
  const stored = (message: Message, before: JsonObject, mask: readonly string[] | undefined): JsonObject => {
    const plain: unknown = JSON.parse(JSON.stringify(settingsFrom(settings, message, before, mask)));
    return isJsonObject(plain) ? plain : {};
  };

  return {
    list: (request, call) =>
      db.read(call.context, async (em) => {
        const page = await listPage(em, list, request, { where: { kind: model.kind } });
        return { pagination: page.pagination, results: await encode(em, page.results) };
      }),
    get: (pk, call) => db.read(call.context, async (em) => show(em, await find(em, pk))),
    create: async (given, call) => {
      const message = required(given);
      await accept(message, {}, undefined, call);
      return db.write(call.context, async (em) => {
        const row = em.create(PolicyEntity, {
          kind: model.kind,
          name: message.name,
          executionLogging: message.execution_logging,
          settings: stored(message, {}, undefined),
        });
        em.persist(row);
        return store(em, call, row, 'created');
      });
    },
    update: async (pk, given, mask, call) => {
      const message = required(given);
      const before = await db.read(call.context, (em) => find(em, pk));
      await accept(message, before.settings, mask, call);
      return db.write(call.context, async (em) => {
        const row = await find(em, pk);
        const has = (field: string) => mask?.includes(field) ?? true;
        if (has('name')) row.name = message.name;
        if (has('execution_logging')) row.executionLogging = message.execution_logging;
        row.settings = stored(message, row.settings, mask);
        return store(em, call, row, 'updated', [...(mask ?? ['name', 'execution_logging', ...Object.keys(settings)])]);
      });
    },
    remove: (pk, call) =>
      db.write(call.context, async (em) => {
        await removePolicy(deps, em, call, await find(em, pk), model.model);
        return {};
      }),
    usedBy: async (pk, call) => {
      const row = await db.read(call.context, (em) => find(em, pk));
      return { items: await policyUses(deps, model.model, row.pk, call) };
    },
  };
}

/** A policy by its key; of one kind, when a kind is named. Throws NOT_FOUND. */
export async function findPolicy(em: EntityManager, pk: string, kind?: string): Promise<PolicyRow> {
  const row = await getOr404(em, PolicyEntity, pk);
  if (kind !== undefined && row.kind !== kind) throw common.NOT_FOUND();
  return row;
}

/** Deletes a policy. Its bindings go with it, and prompt stages ask it no more. */
export async function removePolicy(
  deps: Pick<ResourceDeps, 'outbox'>,
  em: EntityManager,
  call: Call,
  row: PolicyRow,
  model: string,
): Promise<void> {
  await recordPolicy(deps, em, call, 'deleted', { model, pk: row.pk, name: row.name });
  await em.execute(
    `update stage set settings = jsonb_set(settings, '{validation_policies}', (settings->'validation_policies') - ?::text), updated = now()
     where kind = 'prompt' and settings->'validation_policies' @> to_jsonb(?::text)`,
    [row.pk, row.pk],
  );
  em.remove(row);
  await em.flush();
}

/** What refers to a policy: as a policy of its kind, as a policy, and the prompt stages that ask it. */
export async function policyUses(
  { db, neighbours }: Pick<ResourceDeps, 'db' | 'neighbours'>,
  model: string,
  pk: string,
  call: Call,
): Promise<api.UsedBy[]> {
  const [own, general, stages] = await Promise.all([
    neighbours.usedBy(model, pk, call),
    neighbours.usedBy(POLICY_FAMILY, pk, call),
    db.read(call.context, (em) => asking(em, pk)),
  ]);
  return [...own, ...general, ...stages];
}

async function asking(em: EntityManager, policy: string): Promise<api.UsedBy[]> {
  const stages = await em.execute<{ pk: string; name: string }[]>(
    `select pk, name from stage where kind = 'prompt' and settings->'validation_policies' @> to_jsonb(?::text) order by name`,
    [policy],
  );
  const use = { app: 'authentik_stages_prompt', model_name: 'promptstage', action: 'CASCADE_MANY' };
  return stages.map(({ pk, name }) => ({ ...use, pk, name }));
}

/** Keys of rows. */
export function keysOf(rows: readonly Pick<PlainRow<PolicyRow>, 'pk'>[]): string[] {
  return rows.map(({ pk }) => pk);
}

function required<Message>(message: Message | undefined): Message {
  if (message === undefined) throw common.INVALID_ARGUMENT();
  return message;
}

async function recordPolicy(
  { outbox }: Pick<ResourceDeps, 'outbox'>,
  em: EntityManager,
  call: Call,
  verb: ModelVerb,
  object: { model: string; pk: string; name: string },
  changed: string[] = [],
): Promise<void> {
  const known = { ...object, families: [POLICY_FAMILY] };
  await outbox.record(em, eventContext(call), modelFact('auth.v1.policy', verb, known, changed));
}
