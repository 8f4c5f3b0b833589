import {
  type EntityManager,
  getOr404,
  type List,
  type ListRequest,
  listPage,
  type Page,
  type PlainRow,
} from '@postern/database';
import { common } from '@postern/errors';
import type { api } from '@postern/proto';
import { eventContext, type ModelVerb, modelFact, type ResourceDeps, visibleTo } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { plainRow } from './family.repository.ts';
import type { Family, FamilyModel, FamilyRow } from './family.ts';

/** The objects of a family, of whatever kind. */
export type FamilyObjects<Row extends FamilyRow, Head> = {
  /** An object by its key; of one kind, when a kind is named. Throws NOT_FOUND. */
  find(em: EntityManager, pk: string, kind?: string): Promise<Row>;
  /** The same, as lists read it. */
  read(em: EntityManager, pk: string, kind?: string): Promise<PlainRow<Row>>;
  /** Tells what became of an object. */
  record(em: EntityManager, call: Call, verb: ModelVerb, row: FamilyRow, changed?: string[]): Promise<void>;
  /** Deletes an object; whatever names it in its settings lets go of it. */
  remove(em: EntityManager, call: Call, row: Row): Promise<void>;
  /** What refers to an object: as one of its kind, as one of the family, and otherwise. */
  uses(row: FamilyRow, call: Call): Promise<api.UsedByList>;
  /** The methods that do not ask for the kind. */
  readonly methods: {
    list(request: ListRequest, call: Call): Promise<Page<Head>>;
    get(pk: string, call: Call): Promise<Head>;
    remove(pk: string, call: Call): Promise<Record<never, never>>;
    usedBy(pk: string, call: Call): Promise<api.UsedByList>;
    types(): Promise<api.TypeCreateList>;
  };
};

/** Creates what the objects of a family have in common. `list` is what all of them can be listed by. */
export function familyObjects<Row extends FamilyRow, Model extends FamilyModel, Head extends object>(
  { db, outbox, neighbours }: ResourceDeps,
  family: Family<Row, Model, Head>,
  list: List<Row> = { entity: family.entity },
): FamilyObjects<Row, Head> {
  const labelOf = (kind: string) => family.models.find((model) => model.kind === kind)?.model ?? family.label;

  const objects: Omit<FamilyObjects<Row, Head>, 'methods'> = {
    async find(em, pk, kind) {
      const row = await getOr404(em, family.entity, pk);
      if (kind !== undefined && row.kind !== kind) throw common.NOT_FOUND();
      return row;
    },
    async read(em, key, kind) {
      const { pk } = await objects.find(em, key, kind);
      const row = await plainRow(em, family, pk);
      if (row === undefined) throw common.NOT_FOUND();
      return row;
    },
    async record(em, call, verb, { pk, kind, name }, changed = []) {
      const object = { model: labelOf(kind), pk, name, families: [family.label] };
      await outbox.record(em, eventContext(call), modelFact(family.subject, verb, object, changed));
    },
    async remove(em, call, row) {
      await objects.record(em, call, 'deleted', row);
      await family.letGo(em, row.pk);
      em.remove(row);
      await em.flush();
    },
    async uses({ pk, kind }, call) {
      const [own, general, others] = await Promise.all([
        neighbours.usedBy(labelOf(kind), pk, call),
        neighbours.usedBy(family.label, pk, call),
        db.read(call.context, (em) => family.uses(em, pk)),
      ]);
      return { items: [...own, ...general, ...others] };
    },
  };

  return {
    ...objects,
    methods: {
      list: (request, call) =>
        db.read(call.context, async (em) => {
          const { pagination, results } = await listPage(em, list, request, {
            where: visibleTo(call, em, family.entity),
          });
          const headOf = await family.heads(em, results);
          return { pagination, results: results.map(headOf) };
        }),
      get: (pk, call) =>
        db.read(call.context, async (em) => {
          const row = await objects.read(em, pk);
          return (await family.heads(em, [row]))(row);
        }),
      remove: (pk, call) =>
        db.write(call.context, async (em) => {
          await objects.remove(em, call, await objects.find(em, pk));
          return {};
        }),
      usedBy: async (pk, call) => objects.uses(await db.read(call.context, (em) => objects.find(em, pk)), call),
      types: async () => ({ items: typesOf(family.models) }),
    },
  };
}

function typesOf(models: readonly FamilyModel[]): api.TypeCreate[] {
  return models
    .filter(({ isForDebugging }) => isForDebugging !== true)
    .map(({ verboseName, component, model }) => ({
      name: verboseName,
      description: verboseName,
      component,
      model_name: model,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
