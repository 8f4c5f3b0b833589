import { randomUUID } from 'node:crypto';
import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { type Binding, fieldBehavior, fieldRules, fieldShape, type Operation, referenceOf } from '@postern/proto';
import type { Json } from './api.client.ts';

/** A REST path of an operation. */
export type Request = { readonly operation: Operation; readonly binding: Binding };

/** Every REST path of these operations. */
export function requestsOf(operations: readonly Operation[]): Request[] {
  return operations.flatMap((operation) => operation.bindings.map((binding) => ({ operation, binding })));
}

/** The list that a path's objects stand in: all of it before its first parameter. */
export function collectionOf({ path }: Binding): string {
  return path.split('{')[0] ?? path;
}

/** What makes up a sample. */
export type SampleOptions = {
  registry: FileRegistry;
  /** Stands in every text, so that an object is recognised wherever it shows up. */
  marker: string;
  /** A key of an object of this model; undefined where there is none. */
  keyOf(model: string): unknown;
};

/** A body that creates an object: its required fields and its references, each with a value that its rules allow. */
export function sampleOf(message: DescMessage, options: SampleOptions): Json {
  const { registry } = options;
  const fields = message.fields.filter((field) => {
    const { required, outputOnly } = fieldBehavior(registry, field);
    return !outputOnly && (required || referenceOf(registry, field) !== undefined);
  });
  const entries = fields.map((field) => [field.name, aValue(field, options)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The message that the body of a request is; undefined where it has none. */
export function bodyOf({ operation: { input }, binding: { body } }: Request): DescMessage | undefined {
  if (body === '') return undefined;
  return body === '*' ? input : input.fields.find(({ name }) => name === body)?.message;
}

function aValue(field: DescField, options: SampleOptions): unknown {
  const reference = referenceOf(options.registry, field);
  if (reference) {
    const key = options.keyOf(reference.model);
    return field.fieldKind === 'list' && key !== undefined ? [key] : key;
  }
  if (field.fieldKind === 'list') return [];
  if (field.fieldKind === 'message') return {};
  const { default: given } = fieldShape(options.registry, field);
  if (given !== '') return JSON.parse(given);
  return field.fieldKind === 'scalar' && field.proto.type !== 9
    ? field.proto.type === 8
      ? false
      : 1
    : textOf(field, options);
}

function textOf(field: DescField, { registry, marker }: SampleOptions): string {
  const rules = fieldRules(registry, field)?.string;
  if (rules?.in[0]) return rules.in[0];
  if (rules?.uuid) return randomUUID();
  return `${marker}-${field.name.replaceAll('_', '-')}-${randomUUID().slice(0, 8)}`;
}
