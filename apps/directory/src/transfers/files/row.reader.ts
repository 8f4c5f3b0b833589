import { readCell } from './cell.ts';
import { readCsv } from './csv.reader.ts';
import {
  type FieldType,
  FileProblem,
  type Format,
  KINDS,
  type Kind,
  type Row,
  RowProblem,
  unknownField,
} from './kinds.ts';
import { readLines } from './line.reader.ts';

/** A row of a file: what it says, or what is wrong with it. */
export type ReadRow = {
  /** Counts from 1. */
  readonly number: number;
  readonly line: number;
  /** Name of the object, as far as the row says it. */
  readonly key: string;
  readonly row: Row | RowProblem;
};

/** Reads a file of a kind, piece by piece. Fields that a row says nothing about are left out of it. Throws FileProblem. */
export async function* readRows(kind: Kind, format: Format, pieces: AsyncIterable<string>): AsyncGenerator<ReadRow> {
  let number = 0;
  for await (const { line, said } of format === 'csv' ? csvRows(kind, pieces) : jsonRows(kind, pieces)) {
    number += 1;
    const row = attempt(said);
    yield { number, line, row, key: row instanceof RowProblem ? '' : String(row[KINDS[kind].key]) };
  }
}

type Said = { readonly line: number; readonly said: () => Row };

async function* csvRows(kind: Kind, pieces: AsyncIterable<string>): AsyncGenerator<Said> {
  let names: readonly string[] | undefined;
  for await (const { line, cells } of readCsv(pieces)) {
    if (names === undefined) {
      names = requireNames(kind, cells);
      continue;
    }
    const known = names;
    yield { line, said: () => fromCells(kind, known, cells) };
  }
}

function requireNames(kind: Kind, cells: readonly string[]): readonly string[] {
  const names = cells.map((cell) => cell.trim());
  const unknown = names.find((name) => !Object.hasOwn(KINDS[kind].fields, name));
  if (unknown !== undefined) throw new FileProblem(unknownField(unknown, kind));
  if (new Set(names).size < names.length) throw new FileProblem('A field stands in the first row twice.');
  const { key } = KINDS[kind];
  if (!names.includes(key)) throw new FileProblem(`The first row names no field "${key}".`);
  return names;
}

function fromCells(kind: Kind, names: readonly string[], cells: readonly string[]): Row {
  if (cells.length !== names.length)
    throw new RowProblem('', `${cells.length} cells where there are ${names.length} fields.`);
  const { fields } = KINDS[kind];
  const entries = names.map((name, index) => [name, readCell(name, typeOf(fields, name), cells[index] ?? '')] as const);
  return checked(kind, Object.fromEntries(entries));
}

async function* jsonRows(kind: Kind, pieces: AsyncIterable<string>): AsyncGenerator<Said> {
  for await (const { line, text } of readLines(pieces)) yield { line, said: () => fromJson(kind, text) };
}

function fromJson(kind: Kind, text: string): Row {
  const value = parsed(text);
  if (!isObject(value)) throw new RowProblem('', 'Not a JSON object.');
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(KINDS[kind].fields, name));
  if (unknown !== undefined) throw new RowProblem(unknown.slice(0, 100), unknownField(unknown, kind));
  return checked(kind, Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RowProblem('', 'Not valid JSON.');
  }
}

/** Texts that the API keeps without the space around them: a row that is read again has to find what it made. */
const TRIMMED: Readonly<Record<Kind, readonly string[]>> = {
  users: ['username', 'name', 'email'],
  groups: ['name'],
  roles: [],
};

/** The row, whose values are what its fields hold. Throws RowProblem. */
function checked(kind: Kind, given: Row): Row {
  const { key, fields } = KINDS[kind];
  const row = Object.fromEntries(
    Object.entries(given).map(([field, value]) => {
      const isTrimmed = TRIMMED[kind].includes(field) && typeof value === 'string';
      return [field, isTrimmed ? value.trim() : value];
    }),
  );
  for (const [field, value] of Object.entries(row)) {
    const problem = wrongWith(typeOf(fields, field), value);
    if (problem) throw new RowProblem(field, problem);
  }
  if (row[key] === undefined || row[key] === '') throw new RowProblem(key, 'This field may not be blank.');
  return row;
}

function wrongWith(type: FieldType, value: unknown): string | undefined {
  const fault = faultIn(value);
  if (fault !== undefined) return fault;
  if (type === 'text') return typeof value === 'string' ? undefined : 'Not a text.';
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'Must be true or false.';
  if (type === 'object') return isObject(value) ? undefined : 'Not a JSON object.';
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return isList ? undefined : 'Not a list of names.';
}

/** What neither the database nor the wire could hold; a number beyond all numbers would be kept as null. */
function faultIn(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'Null characters are not allowed.';
    return value.isWellFormed() ? undefined : 'Surrogate characters are not allowed.';
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'Not a number that can be kept.';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const fault = faultIn(name) ?? faultIn(member);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function typeOf(fields: Readonly<Record<string, FieldType>>, name: string): FieldType {
  return fields[name] ?? 'text';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function attempt(said: () => Row): Row | RowProblem {
  try {
    return said();
  } catch (error) {
    if (error instanceof RowProblem) return error;
    throw error;
  }
}
