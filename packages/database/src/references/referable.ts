import { Collection, type EntityMetadata, type EntityName, type FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Condition } from '../list/condition.ts';
import type { PlainRow } from '../list/plain-row.ts';
import { isInteger, isUuid } from '../list/value.ts';

/** What an app says about a kind of object that others refer to, or that refers to others. */
export type ReferableDeclaration<Entity extends object> = {
  /** Model label, such as `authentik_core.group`. */
  readonly model: string;
  /** Labels of the families it belongs to, such as `authentik_core.provider`: it exists under each of them. */
  readonly families?: readonly string[];
  readonly entity: EntityName<Entity>;
  /** Full name of its message, such as `postern.directory.v1.Group`: its annotations say what it refers to in other services. */
  readonly type?: string;
  /** Property that paths name; the primary key by default. */
  readonly key?: keyof Entity & string;
  /** What the object is called in lists of who uses what. */
  readonly title: (row: PlainRow<Entity>) => string;
  /** Properties behind fields of the message that are named differently. Default: the same name, or that name in camel case. */
  readonly properties?: Readonly<Record<string, string>>;
};

/** An object by key and name. */
export type Named = { key: string; name: string };

/** A kind of object, ready to be asked. */
export type Referable = {
  readonly model: string;
  readonly families: readonly string[];
  readonly type: string | undefined;
  meta(em: EntityManager): EntityMetadata;
  /** Property that a field of the message is kept in; undefined when it is kept in none. */
  propertyOf(em: EntityManager, field: string): string | undefined;
  /** Property that paths name; undefined for the primary key. */
  readonly key: string | undefined;
  /** The key as the column wants it; undefined when no row can have it. */
  readKey(em: EntityManager, key: string): string | number | undefined;
  /** Rows that meet a condition. */
  find(em: EntityManager, where: Condition): Promise<Named[]>;
  /** Keys of the rows that one row holds in a to-many relation. */
  held(em: EntityManager, property: string, key: string | number): Promise<unknown[]>;
  /** Removes rows; answers how many. */
  remove(em: EntityManager, where: Condition): Promise<number>;
  /** Changes rows; answers how many. */
  change(em: EntityManager, where: Condition, values: Condition): Promise<number>;
};

/** Declares a kind of object: `referable({ model: 'authentik_core.group', entity: Group, title: ({ name }) => name })`. */
export function referable<Entity extends object>(declaration: ReferableDeclaration<Entity>): Referable {
  const { model, families = [], type, entity, key: named, title, properties = {} } = declaration;
  const meta = (em: EntityManager): EntityMetadata => em.getMetadata().get<Entity>(entity);
  const filter = (where: Condition) => where as FilterQuery<Entity> as never;
  return {
    model,
    families,
    type,
    key: named,
    meta,
    propertyOf(em, field) {
      const known = meta(em).properties;
      const camel = field.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      return [properties[field], field, camel].find((name) => name !== undefined && Object.hasOwn(known, name));
    },
    readKey: (em, key) => readKey(meta(em), key),
    async find(em, where) {
      const key = keyName(meta(em));
      const rows: PlainRow<Entity>[] = await em
        .createQueryBuilder<Entity>(entity)
        .where(filter(where))
        .orderBy({ [key]: 'asc' } as never)
        .execute('all');
      return rows.map((row) => ({ key: String(Reflect.get(row, key)), name: title(row) }));
    },
    async held(em, property, key) {
      const row = await em.findOne(entity, key as never, { populate: [property] as never });
      const collection: unknown = row ? Reflect.get(row, property) : undefined;
      return collection instanceof Collection ? collection.getIdentifiers() : [];
    },
    remove: (em, where) => em.nativeDelete<Entity>(entity, filter(where)),
    change: (em, where, values) => em.nativeUpdate<Entity>(entity, filter(where), values as never),
  };
}

/** Name of the primary key's property. */
export function keyName(meta: EntityMetadata): string {
  return String(meta.primaryKeys[0]);
}

/** Column and type of the primary key of an entity. */
export function keyColumnOf<Entity extends object>(em: EntityManager, entity: EntityName<Entity>): KeyColumn {
  const [property] = em.getMetadata().get<Entity>(entity).getPrimaryProps();
  return { column: property?.fieldNames[0] ?? 'pk', type: property?.columnTypes[0] ?? 'text' };
}

/** A column as SQL names it, and its type. */
export type KeyColumn = { readonly column: string; readonly type: string };

function readKey(meta: EntityMetadata, key: string): string | number | undefined {
  const type = meta.getPrimaryProps()[0]?.columnTypes?.[0] ?? '';
  if (type === 'uuid') return isUuid(key) ? key : undefined;
  if (/^(int|serial)/.test(type)) return isInteger(key) ? Number(key) : undefined;
  return key;
}
