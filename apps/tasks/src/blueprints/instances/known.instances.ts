import type { Database } from '@postern/database';
import {
  type Blueprint,
  BlueprintError,
  createBlueprintMemory,
  type JsonObject,
  type Limits,
} from '../format/index.ts';
import { hashOf, type Sources } from '../sources/index.ts';
import { Instance } from './instance.entity.ts';

export type KnownInstancesDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly sources: Sources;
  readonly limits: Limits;
};

/** An instance whose blueprint another one wants applied first. */
export type FoundInstance = {
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly blueprint: Blueprint;
  readonly context: JsonObject;
  /** Hash of its text. */
  readonly hash: string;
};

/** What instances may be identified by, and the property that holds it. */
const IDENTIFIERS: Readonly<Record<string, 'pk' | 'name' | 'path'>> = {
  pk: 'pk',
  instance_uuid: 'pk',
  name: 'name',
  path: 'path',
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds the first instance of a tenant whose fields are these. Throws BlueprintError for fields that identify none, and for a text that cannot be read. */
export function createKnownInstances({ db, sources, limits }: KnownInstancesDeps) {
  const read = createBlueprintMemory(limits);
  return async (tenant: string, identifiers: JsonObject): Promise<FoundInstance | undefined> => {
    const where = conditionOf(identifiers);
    if (where.pk !== undefined && !UUID.test(where.pk)) return undefined;
    const row = await db.read({ tenant }, (em) => em.findOne(Instance, where, { orderBy: { name: 'asc' } }));
    if (!row) return undefined;
    const { pk: key, name, enabled } = row;
    // What is not applied need not be readable.
    const text = enabled ? await sources.retrieve(row) : 'entries: []';
    const blueprint = read(text);
    const context = { ...(await sources.pictures(row, blueprint)), ...row.context };
    return { key, name, enabled, blueprint, context, hash: hashOf(text) };
  };
}

function conditionOf(identifiers: JsonObject): { pk?: string; name?: string; path?: string } {
  const entries = Object.entries(identifiers).map(([field, value]) => {
    const property = Object.hasOwn(IDENTIFIERS, field) ? IDENTIFIERS[field] : undefined;
    if (property !== undefined && typeof value === 'string') return [property, value];
    throw new BlueprintError('An instance is identified by its name or path.', { field: 'attrs.identifiers' });
  });
  if (entries.length === 0) throw new BlueprintError('No or invalid identifiers', { field: 'attrs.identifiers' });
  return Object.fromEntries(entries);
}
