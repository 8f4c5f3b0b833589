import type { RequiredEntityData } from '@mikro-orm/core';
import {
  applyMask,
  type Database,
  type EntityManager,
  getOr404,
  type ListRequest,
  listPage,
  onConstraint,
  type Page,
  type PlainRow,
  type References,
  rowByKey,
  type Where,
} from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import type { api } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { eventContext } from './event-context.ts';
import { changeOf, type FieldChange, valuesOf } from './field.values.ts';
import { visibleTo } from './grants/visible.ts';
import { type ModelVerb, modelFact } from './model.facts.ts';
import type { Neighbours } from './references/neighbours.ts';
import type { Key, Resource } from './resource.ts';

/** What the standard methods need. */
export type ResourceDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly neighbours: Neighbours;
  /** What the app itself refers to: its own rows let go of what is deleted at once, not when they hear of it. */
  readonly local?: References;
};

/** The standard methods of a resource. An RPC that needs something else is written by hand beside them. */
export type StandardMethods<Message> = {
  /** One page, in the contract's words. */
  list(request: ListRequest, call: Call): Promise<Page<Message>>;
  /** Throws NOT_FOUND. */
  get(key: Key, call: Call): Promise<Message>;
  /** Stores a new object and its event in one transaction. Throws field errors. */
  create(message: Message | undefined, call: Call): Promise<Message>;
  /** Changes the fields that the mask names (all without one). Throws NOT_FOUND and field errors. */
  update(key: Key, message: Message | undefined, mask: readonly string[] | undefined, call: Call): Promise<Message>;
  /** Deletes an object. Throws NOT_FOUND. */
  remove(key: Key, call: Call): Promise<Record<never, never>>;
  /** Who refers to it. Throws NOT_FOUND. */
  usedBy(key: Key, call: Call): Promise<api.UsedByList>;
};

/** Gives a resource its standard methods: transaction, mask, constraints, references, events. */
export function standardMethods<Row extends object, Message extends object>(
  { db, outbox, neighbours, local }: ResourceDeps,
  resource: Resource<Row, Message>,
): StandardMethods<Message> {
  const { entity, fields, constraints = {}, families = [] } = resource;
  const labels = [resource.model, ...families];

  const find = (em: EntityManager, key: Key) => getOr404(em, entity, whereKey(resource, key));

  async function record(em: EntityManager, call: Call, verb: ModelVerb, row: PlainRow<Row>, change?: FieldChange) {
    const { model, subject } = resource;
    const pk = primaryKey(em, resource, row);
    const object = { model, pk, name: resource.title(row), families, facts: resource.facts?.(row) };
    await outbox.record(em, eventContext(call), modelFact(subject, verb, object, change));
  }

  async function show(em: EntityManager, call: Call, row: PlainRow<Row>): Promise<Message> {
    const [message] = await resource.encode([row], { em, call });
    if (!message) throw common.NOT_FOUND();
    return message;
  }

  return {
    list: (request, call) =>
      db.read(call.context, async (em) => {
        const { pagination, results } = await listPage(em, resource.list, request, {
          where: visibleTo(call, em, entity),
        });
        return { pagination, results: await resource.encode(results, { em, call }) };
      }),

    get: (key, call) =>
      db.read(call.context, async (em) => show(em, call, await reread(em, resource, await find(em, key)))),

    async create(message, call) {
      const given = required(message);
      await neighbours.require(resource.type, given, undefined, call);
      return db.write(call.context, async (em) => {
        const entityRow = em.create(entity, {} as RequiredEntityData<Row>);
        applyMask(entityRow, given, undefined, fields);
        await em.flush().catch(onConstraint(constraints));
        const row = await reread(em, resource, entityRow);
        await record(em, call, 'created', row);
        return show(em, call, row);
      });
    },

    async update(key, message, mask, call) {
      const given = required(message);
      await neighbours.require(resource.type, given, mask, call);
      return db.write(call.context, async (em) => {
        const entityRow = await find(em, key);
        const before = valuesOf(entityRow, fields);
        const applied = applyMask(entityRow, given, mask, fields);
        const change = changeOf(applied, before, valuesOf(entityRow, fields));
        await em.flush().catch(onConstraint(constraints));
        const row = await reread(em, resource, entityRow);
        await record(em, call, 'updated', row, change);
        return show(em, call, row);
      });
    },

    remove: (key, call) =>
      db.write(call.context, async (em) => {
        const entityRow = await find(em, key);
        await record(em, call, 'deleted', await reread(em, resource, entityRow));
        const own = String(primaryKey(em, resource, entityRow));
        em.remove(entityRow);
        await em.flush().catch(onConstraint(constraints));
        for (const label of labels) await local?.forget(em, label, own);
        return {};
      }),

    async usedBy(key, call) {
      const row = await db.read(call.context, async (em) => primaryKey(em, resource, await find(em, key)));
      const items = await Promise.all(labels.map((label) => neighbours.usedBy(label, row, call)));
      return { items: items.flat() };
    },
  };
}

function required<Message>(message: Message | undefined): Message {
  if (message === undefined) throw common.INVALID_ARGUMENT();
  return message;
}

function whereKey<Row extends object, Message extends object>({ key }: Resource<Row, Message>, value: Key) {
  // The name of a property and its value make a condition that the mapper's types cannot follow.
  return key === undefined ? value : ({ [key]: value } as Where<Row>);
}

function primaryName<Row extends object>(em: EntityManager, { entity }: Pick<Resource<Row, object>, 'entity'>): string {
  const [name] = em.getMetadata().get<Row>(entity).primaryKeys;
  if (name === undefined) throw new TypeError('a resource needs a primary key');
  return String(name);
}

function primaryKey<Row extends object>(
  em: EntityManager,
  resource: Pick<Resource<Row, object>, 'entity'>,
  row: object,
): Key {
  const value: unknown = Reflect.get(row, primaryName(em, resource));
  return typeof value === 'number' ? value : String(value);
}

/** The row as lists read it, with what the database filled in. */
async function reread<Row extends object>(
  em: EntityManager,
  resource: Pick<Resource<Row, object>, 'entity'>,
  row: Row,
): Promise<PlainRow<Row>> {
  const found = await rowByKey(em, resource.entity, primaryKey(em, resource, row));
  if (!found) throw common.NOT_FOUND();
  return found;
}
