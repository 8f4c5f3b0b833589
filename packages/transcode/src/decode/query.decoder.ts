import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import type { Violation } from '@postern/errors';
import { fieldBehavior, fieldShape } from '@postern/proto';
import { texts } from '../field.texts.ts';
import { type Decoder, reject } from './decoder.ts';
import { fieldDecoder } from './field.decoder.ts';
import { defaultOf } from './message.decoder.ts';

/** Sets the fields of a request that the query names. */
export type QueryDecoder = (query: URLSearchParams, value: Record<string, unknown>, sink: Violation[]) => void;

type Parameter = {
  readonly name: string;
  readonly path: readonly string[];
  readonly isList: boolean;
  readonly required: boolean;
  /** A value that does not parse counts as absent. */
  readonly lenient: boolean;
  readonly fallback: unknown;
  readonly decode: Decoder;
};

/**
 * The decoder of an operation's query. A parameter is named like its field, or by `query_name`; a field of a nested
 * message has a dotted name; a repeated field may come several times; of others the last counts. Unknown names are
 * ignored, and so is an empty value of an optional filter.
 */
export function queryDecoder(registry: FileRegistry, desc: DescMessage, skip: readonly string[]): QueryDecoder {
  const fields = desc.fields.filter((field) => !skip.includes(field.name));
  const parameters = fields.flatMap((field) => parametersOf(registry, field, []));
  return (query, value, sink) => {
    for (const parameter of parameters) read(parameter, query, value, sink);
  };
}

function read(parameter: Parameter, query: URLSearchParams, target: Record<string, unknown>, sink: Violation[]): void {
  const { name, path, isList, required, lenient, fallback, decode } = parameter;
  const given = query.getAll(name).filter((text) => text !== '');
  if (given.length === 0 && required) {
    reject(sink, name, texts.required, 'REQUIRED');
    return;
  }
  const faults: Violation[] = [];
  const read = given.length === 0 ? fallback : decode(isList ? given : given.at(-1), name, faults);
  if (!lenient) sink.push(...faults);
  const decoded = faults.length > 0 ? fallback : read;
  if (decoded !== undefined) place(target, path, decoded);
}

function place(target: Record<string, unknown>, [head = '', ...rest]: readonly string[], decoded: unknown): void {
  if (rest.length === 0) {
    target[head] = decoded;
    return;
  }
  const inner = (target[head] ?? {}) as Record<string, unknown>;
  target[head] = inner;
  place(inner, rest, decoded);
}

const MAX_NESTING = 3;

function parametersOf(registry: FileRegistry, field: DescField, above: readonly string[]): Parameter[] {
  const path = [...above, field.name];
  const isNested = field.fieldKind === 'message' && !field.message.typeName.startsWith('google.protobuf.');
  if (isNested) {
    if (path.length >= MAX_NESTING) return [];
    return field.message.fields.flatMap((inner) => parametersOf(registry, inner, path));
  }
  if (field.fieldKind === 'map' || (field.fieldKind === 'list' && field.listKind === 'message')) return [];
  const { required, outputOnly } = fieldBehavior(registry, field);
  if (outputOnly) return [];
  const { query_name, lenient } = fieldShape(registry, field);
  const name = query_name || path.join('.');
  const fallback = defaultOf(registry, field);
  const decode = fieldDecoder(field, { registry, place: 'query', message: () => () => undefined });
  return [{ name, path, isList: field.fieldKind === 'list', required, lenient, fallback, decode }];
}
