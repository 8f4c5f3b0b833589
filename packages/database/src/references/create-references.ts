import { raw } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ReferenceField } from '@postern/proto';
import { columnOf } from '../list/condition.ts';
import { type Action, annotationsTo, type Link, relationsTo, whereHeld } from './link.ts';
import { keyName, type Named, type Referable } from './referable.ts';

/** An object that refers to another, in the contract's words. */
export type UsedBy = { app: string; model_name: string; pk: string; name: string; action: Action };

/** What one service knows about references: those it holds, and those that others hold to its objects. */
export type References = {
  /** Which of these objects exist. A model that is not ours has none. */
  exists(em: EntityManager, model: string, keys: readonly string[]): Promise<string[]>;
  /** Names of objects by key; those that do not exist are left out. */
  describe(em: EntityManager, model: string, keys: readonly string[]): Promise<Record<string, string>>;
  /** Our objects that refer to an object of any service. */
  usedBy(em: EntityManager, model: string, key: string): Promise<UsedBy[]>;
  /** The key of the object that paths of a model call so; undefined when there is none. */
  keyOf(em: EntityManager, model: string, name: string): Promise<string | undefined>;
  /** Lets go of an object of another service that was deleted, as the annotations say. Answers how many of our rows changed. */
  forget(em: EntityManager, model: string, key: string): Promise<number>;
};

/** What references are made of. */
export type ReferencesDeps = {
  models: readonly Referable[];
  /** Annotated fields: `referenceFields(registry)` of `@postern/proto`. Those of other services' messages are ignored. */
  fields: readonly ReferenceField[];
};

/** Answers questions about references from what the app declares. */
export function createReferences({ models, fields }: ReferencesDeps): References {
  const named = async (em: EntityManager, model: string, keys: readonly string[]): Promise<Named[]> => {
    const found: Named[] = [];
    for (const target of kindsOf(model)) {
      const wanted = keys.map((key) => target.readKey(em, key)).filter((key) => key !== undefined);
      if (wanted.length > 0) found.push(...(await target.find(em, { [keyName(target.meta(em))]: { $in: wanted } })));
    }
    return found;
  };
  /** What is declared under a label: itself, or every member of a family that has no table of its own. */
  const kindsOf = (model: string) => {
    const own = models.filter((one) => one.model === model);
    return own.length > 0 ? own : models.filter((one) => one.families.includes(model));
  };
  const find = (model: string) => models.find((one) => one.model === model);
  return {
    exists: async (em, model, keys) => (await named(em, model, keys)).map(({ key }) => key),
    describe: async (em, model, keys) =>
      Object.fromEntries((await named(em, model, keys)).map(({ key, name }) => [key, name])),
    async usedBy(em, model, key) {
      const target = find(model);
      const ownKey = target ? target.readKey(em, key) : key;
      if (ownKey === undefined) return [];
      const relations = target ? relationsTo(em, target, models) : [];
      const found: UsedBy[] = [];
      for (const link of [...relations, ...annotationsTo(em, model, models, fields)]) {
        const where = await whereHeld(em, link, target, ownKey);
        found.push(...(await link.holder.find(em, where)).map((one) => asUse(link, one)));
      }
      return found;
    },
    async keyOf(em, model, name) {
      const target = find(model);
      if (target?.key === undefined) return name;
      const [row] = await target.find(em, { [target.key]: name });
      return row?.key;
    },
    async forget(em, model, key) {
      let changed = 0;
      for (const link of annotationsTo(em, model, models, fields)) changed += await letGo(em, link, key);
      return changed;
    },
  };
}

async function letGo(em: EntityManager, link: Link, key: string): Promise<number> {
  const { holder, property, shape, action } = link;
  const where = await whereHeld(em, link, undefined, key);
  if (shape === 'list')
    return holder.change(em, where, {
      [property]: raw('array_remove(??, ?)', [columnOf(holder.meta(em), property), key]),
    });
  return action === 'CASCADE' ? holder.remove(em, where) : holder.change(em, where, { [property]: null });
}

function asUse({ holder, action }: Link, { key, name }: Named): UsedBy {
  const [app = '', model_name = ''] = holder.model.split('.');
  return { app, model_name, pk: key, name, action };
}
