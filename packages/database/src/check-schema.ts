import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { readTables, type Table } from './schema-catalogue.ts';

/**
 * Compares what the entities say with what the migrations made: tables, columns, types, nullability, unique constraints, foreign keys;
 * and that every table of tenants is closed by row-level security and refers to others within the tenant only.
 */
export async function checkSchema(orm: MikroORM, schema: string): Promise<string[]> {
  const tables = await readTables(orm.em.fork(), schema);
  const entities = [...orm.getMetadata().getAll().values()].filter(
    (meta) => meta.tableName && !meta.abstract && !meta.embeddable,
  );
  return [
    ...entities.flatMap((meta) => checkEntity(meta, tables.get(meta.tableName))),
    ...[...tables.values()].flatMap(checkTenancy),
  ];
}

function checkEntity(meta: EntityMetadata, table: Table | undefined): string[] {
  if (!table) return [`table ${meta.tableName} of ${meta.className} does not exist`];
  const props = Object.values(meta.properties).filter(
    (prop) => prop.persist !== false && prop.fieldNames?.length && !prop.formula && !prop.mappedBy && isColumn(prop),
  );
  const known = new Set(props.flatMap(({ fieldNames }) => fieldNames));
  const needed = [...table.columns].filter(([name, column]) => column.isRequired && !known.has(name));
  return [
    ...props.flatMap((prop) =>
      prop.fieldNames.flatMap((_, index) => checkColumn(prop, index, table, mayBeNull(meta, prop))),
    ),
    ...props.flatMap((prop) => checkForeignKey(prop, table)),
    ...meta.uniques.flatMap((unique) => checkUnique(meta, [unique.properties ?? []].flat().map(String), table)),
    ...needed.map(([name]) => `${table.name}.${name} must have a value, and ${meta.className} does not know it`),
  ];
}

function checkColumn(prop: EntityProperty, index: number, table: Table, isNullable: boolean): string[] {
  const name = prop.fieldNames[index] ?? '';
  const column = table.columns.get(name);
  if (!column) return [`${table.name}.${name} does not exist`];
  const type = normalType(prop.columnTypes[index] ?? '');
  return [
    ...(type === column.type ? [] : [`${table.name}.${name} is ${column.type}, the entity says ${type}`]),
    ...(isNullable === column.isNullable
      ? []
      : [`${table.name}.${name} may ${column.isNullable ? '' : 'not '}be null, the entity disagrees`]),
  ];
}

// Kinds that share a table: what only one of them has is null in rows of the others, which the mapper notes at their root.
function mayBeNull({ root }: EntityMetadata, prop: EntityProperty): boolean {
  const shared: EntityProperty | undefined = Reflect.get(root.properties, prop.name);
  return (shared ?? prop).nullable === true;
}

function checkForeignKey(prop: EntityProperty, table: Table): string[] {
  const isRelation = prop.targetMeta !== undefined && prop.createForeignKeyConstraint !== false && !prop.formula;
  if (!isRelation || prop.kind === 'm:n' || prop.kind === '1:m') return [];
  const found = table.foreignKeys.some(({ columns }) => prop.fieldNames.every((name) => columns.includes(name)));
  return found ? [] : [`${table.name}.${prop.fieldNames.join(', ')} lacks a foreign key`];
}

function checkUnique(meta: EntityMetadata, properties: string[], table: Table): string[] {
  const columns = Object.values(meta.properties)
    .filter(({ name }) => properties.includes(name))
    .flatMap(({ fieldNames }) => fieldNames);
  const wanted = columns.toSorted().join();
  return table.uniques.some((unique) => unique.toSorted().join() === wanted)
    ? []
    : [`${table.name} lacks a unique constraint on ${columns.join(', ')}`];
}

// A tenant column that may be null is a note, not an owner: the outbox has one.
function checkTenancy(table: Table): string[] {
  const isOwned = table.columns.get('tenant_id')?.isNullable === false;
  if (!isOwned) return [];
  const crossing = table.foreignKeys.filter(({ columns, isToOwned }) => isToOwned && !columns.includes('tenant_id'));
  return [
    ...(table.isSecured ? [] : [`${table.name} has a tenant, but no forced row-level security with a policy`]),
    ...crossing.map(({ name }) => `${table.name}: foreign key ${name} does not include tenant_id`),
  ];
}

function isColumn(prop: EntityProperty): boolean {
  return prop.kind === 'scalar' || prop.kind === 'm:1' || prop.kind === '1:1' || prop.kind === 'embedded';
}

const NAMES: Readonly<Record<string, string>> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  serial: 'integer',
  bigserial: 'bigint',
  bool: 'boolean',
  float: 'double precision',
  real: 'real',
  varchar: 'character varying',
  char: 'character',
  decimal: 'numeric',
  timestamptz: 'timestamp with time zone',
};

/** The type as `format_type` of the database spells it. */
function normalType(declared: string): string {
  const [, name = '', length = '', array = ''] =
    /^([a-z0-9_ ]+?)\s*(\([^)]*\))?(\[\])?$/i.exec(declared.toLowerCase()) ?? [];
  if (name === 'timestamptz') return `timestamp${length} with time zone${array}`;
  return `${NAMES[name] ?? name}${length.replaceAll(' ', '')}${array}`;
}
