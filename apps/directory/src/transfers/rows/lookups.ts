import type { EntityManager } from '@postern/database';
import { KINDS, type Kind, type ReadRow, type Row, RowProblem } from '../files/index.ts';
import { keysOf, type Named } from './named.repository.ts';
import { recordsOf } from './record.repository.ts';

/** What the rows of a batch name: looked up for all of them at once, and again for what one of them changed. */
export type Lookups = {
  /** Keys of the objects of a name; names are compared character by character. */
  keysOf(what: Named, name: string): Promise<readonly string[]>;
  /** What files say of an object of the kind. */
  recordOf(key: string): Promise<Row>;
  /** Notes that a row was about the object of this name: what is known of it is known no more. */
  forget(name: string): void;
};

/** The kinds of object that files are about. */
export const NAMED: Readonly<Record<Kind, Named>> = { users: 'user', groups: 'group', roles: 'role' };

/** Fields that name other objects, and the permission to know whether there are any of that name. */
export const REFERENCES: Readonly<Record<string, readonly [what: Named, view: string]>> = {
  groups: ['group', KINDS.groups.view],
  parent: ['group', KINDS.groups.view],
  roles: ['role', KINDS.roles.view],
  members: ['user', KINDS.users.view],
};

/** The names in a field. */
export function namesIn(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}

/** The names in rows that are of objects of the kind itself. */
export function ownNames(kind: Kind, rows: readonly ReadRow[]): string[] {
  return [...(namedBy(kind, rows).get(NAMED[kind]) ?? [])];
}

/** Looks up what rows name, in their transaction. */
export async function createLookups(em: EntityManager, kind: Kind, rows: readonly ReadRow[]): Promise<Lookups> {
  const own = NAMED[kind];
  const known = new Map<Named, Map<string, readonly string[]>>();
  for (const [what, names] of namedBy(kind, rows)) {
    const keys = await keysOf(em, what, [...names]);
    known.set(what, new Map([...names].map((name) => [name, keys(name)])));
  }
  const found = rows.flatMap(({ key }) => known.get(own)?.get(key) ?? []);
  const records = await recordsOf(em, kind, [...new Set(found)]);

  return {
    async keysOf(what, name) {
      const keys = known.get(what)?.get(name) ?? (await keysOf(em, what, [name]))(name);
      known.get(what)?.set(name, keys);
      return keys;
    },
    async recordOf(key) {
      const record = records.get(key) ?? (await recordsOf(em, kind, [key])).get(key) ?? {};
      records.set(key, record);
      return record;
    },
    forget(name) {
      const names = known.get(own);
      for (const key of names?.get(name) ?? []) records.delete(key);
      names?.delete(name);
    },
  };
}

/** All names in rows, by what they are names of. */
function namedBy(kind: Kind, rows: readonly ReadRow[]): Map<Named, Set<string>> {
  const names = new Map<Named, Set<string>>([[NAMED[kind], new Set()]]);
  const add = (what: Named, name: string) => names.set(what, (names.get(what) ?? new Set()).add(name));
  for (const { key, row } of rows) {
    if (row instanceof RowProblem) continue;
    add(NAMED[kind], key);
    for (const [field, value] of Object.entries(row)) {
      const [what] = REFERENCES[field] ?? [];
      if (what !== undefined) for (const name of namesIn(value)) add(what, name);
    }
  }
  return names;
}
