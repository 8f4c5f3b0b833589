import {
  applyMask,
  type EntityManager,
  exact,
  type List,
  type ListRequest,
  listPage,
  onConstraint,
  type Page,
  type PlainRow,
} from '@postern/database';
import { common } from '@postern/errors';
import type { api } from '@postern/proto';
import type { ModelVerb, ResourceDeps } from '@postern/resource';
import { visibleTo } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { type JsonObject, readSettings } from '../plans/index.ts';
import { familyObjects } from './family.objects.ts';
import { newRow } from './family.repository.ts';
import type { Family, FamilyModel, FamilyRow, Kind } from './family.ts';
import { settingFilters, settingsFrom, storable, withoutHidden } from './settings.codec.ts';

type Mask = readonly string[] | undefined;

/** The verbs that every kind has. */
export type KindMethods<Message> = {
  readonly list: (request: ListRequest, call: Call) => Promise<Page<Message>>;
  readonly get: (pk: string, call: Call) => Promise<Message>;
  readonly create: (message: Message | undefined, call: Call) => Promise<Message>;
  readonly update: (pk: string, message: Message | undefined, mask: Mask, call: Call) => Promise<Message>;
  readonly remove: (pk: string, call: Call) => Promise<Record<never, never>>;
  readonly usedBy: (pk: string, call: Call) => Promise<api.UsedByList>;
};

/** Gives a kind its verbs: its rows of the family's table, its settings, its facts. */
export function kindMethods<
  Row extends FamilyRow,
  Model extends FamilyModel,
  Head extends object,
  S extends object,
  Message extends Head,
>(deps: ResourceDeps, family: Family<Row, Model, Head>, kind: Kind<Model, S, Head, Message>): KindMethods<Message> {
  const { db, neighbours } = deps;
  const { model, settings, type } = kind;
  const objects = familyObjects(deps, family);
  const names = Object.keys(settings);
  const list = listOf(family, kind);

  const encode = async (em: EntityManager, rows: readonly PlainRow<Row>[], call: Call): Promise<Message[]> => {
    const headOf = await family.heads(em, rows);
    const hidden = family.secrets.hiddenFrom(model, call.context);
    return rows.map((row) => {
      const all = readSettings(settings, family.settingsOf.plain(row));
      return kind.message(headOf(row), withoutHidden(all, hidden));
    });
  };
  const show = async (em: EntityManager, pk: string, call: Call): Promise<Message> => {
    const [message] = await encode(em, [await objects.read(em, pk, model.kind)], call);
    if (message === undefined) throw common.NOT_FOUND();
    return message;
  };
  const settingsOf = (message: Message, before: JsonObject, mask: Mask) =>
    settingsFrom(settings, message, { before, mask, kept: family.secrets.kept(model) });
  const judge = async (accepted: S, call: Call, before: JsonObject) => {
    const wrong = await kind.check?.(accepted, call, readSettings(settings, before));
    if (wrong !== undefined) throw wrong;
  };
  /** Puts what a message gives into a row, and tells of it. */
  const store = async (em: EntityManager, row: Row, message: Message, mask: Mask, call: Call, verb: ModelVerb) => {
    const before = verb === 'created' ? {} : family.settingsOf.entity(row);
    const columns = applyMask<Row, Head>(row, message, mask, family.columns);
    family.store(row, model, storable(settingsOf(message, before, mask)));
    await em.flush().catch(onConstraint(family.constraints));
    const changed = verb === 'created' ? [] : [...(mask ?? [...columns, ...names])];
    await objects.record(em, call, verb, row, changed);
    return show(em, row.pk, call);
  };

  return {
    list: (request, call) =>
      db.read(call.context, async (em) => {
        const some = await family.narrow(em, model, request, call.context);
        const page = await listPage(em, list, request, {
          where: { kind: model.kind, ...some, ...visibleTo(call, em, family.entity) },
        });
        return { pagination: page.pagination, results: await encode(em, page.results, call) };
      }),
    get: (pk, call) => db.read(call.context, (em) => show(em, pk, call)),
    create: async (given, call) => {
      const message = required(given);
      await neighbours.require(type, message, undefined, call);
      await judge(settingsOf(message, {}, undefined), call, {});
      return db.write(call.context, async (em) => {
        return store(em, newRow(em, family, model.kind), message, undefined, call, 'created');
      });
    },
    update: async (pk, given, mask, call) => {
      const message = required(given);
      await neighbours.require(type, message, mask, call);
      const before = await db.read(call.context, (em) => objects.find(em, pk, model.kind));
      const known = family.settingsOf.entity(before);
      await judge(settingsOf(message, known, mask), call, known);
      return db.write(call.context, async (em) => {
        const row = await objects.find(em, pk, model.kind);
        return store(em, row, message, mask, call, 'updated');
      });
    },
    remove: (pk, call) =>
      db.write(call.context, async (em) => {
        await objects.remove(em, call, await objects.find(em, pk, model.kind));
        return {};
      }),
    usedBy: async (pk, call) =>
      objects.uses(await db.read(call.context, (em) => objects.find(em, pk, model.kind)), call),
  };
}

/** The list of a kind: by what all kinds have, and by every setting of its own that is no secret. */
function listOf<Row extends FamilyRow, Model extends FamilyModel, Head extends object>(
  family: Family<Row, Model, Head>,
  { model, settings }: { readonly model: Model; readonly settings: object },
): List<Row> {
  const secrets = family.secrets.of(model);
  const open = Object.keys(settings).filter((name) => !secrets.includes(name));
  return {
    entity: family.entity,
    filters: { name: exact('name'), ...family.filters, ...settingFilters(open) },
    search: ['name'],
    ordering: { name: 'name', pk: 'pk', ...family.ordering },
    defaultOrder: ['name'],
  };
}

function required<Message>(message: Message | undefined): Message {
  if (message === undefined) throw common.INVALID_ARGUMENT();
  return message;
}
