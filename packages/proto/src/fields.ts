import type { DescField, DescMessage, DescOneof, FileRegistry } from '@bufbuild/protobuf';
import { FieldRules } from './gen/buf/validate/validate.ts';
import { FieldShape, MessageShape, Reference, Union } from './gen/postern/api/v1/annotations.ts';
import { readNumbers, readOption } from './registry.ts';

/** What `google.api.field_behavior` and `optional` say about a field. */
export type FieldBehavior = {
  /** Must be present in a request that creates or replaces. */
  readonly required: boolean;
  /** Never taken from a request. */
  readonly outputOnly: boolean;
  /** Never part of an answer. */
  readonly inputOnly: boolean;
  /** May be set at creation only. */
  readonly immutable: boolean;
  /** Unset is `null` in JSON: the field is declared `optional`. */
  readonly nullable: boolean;
};

/** A field that holds the key of an object, with the message it stands in. */
export type ReferenceField = {
  readonly message: DescMessage;
  readonly field: DescField;
  readonly reference: Reference;
};

// Values of google.api.FieldBehavior.
const REQUIRED = 2;
const OUTPUT_ONLY = 3;
const INPUT_ONLY = 4;
const IMMUTABLE = 5;

/** What may be done with a field. */
export function fieldBehavior(registry: FileRegistry, field: DescField): FieldBehavior {
  const values = readNumbers(registry, field, 'google.api.field_behavior');
  const has = (value: number) => values.includes(value);
  return {
    required: has(REQUIRED),
    outputOnly: has(OUTPUT_ONLY),
    inputOnly: has(INPUT_ONLY),
    immutable: has(IMMUTABLE),
    nullable: field.proto.proto3Optional,
  };
}

/** How a field looks in JSON and in the OpenAPI document; members the proto does not set are empty. */
export function fieldShape(registry: FileRegistry, field: DescField): Readonly<FieldShape> {
  return readOption(registry, field, 'postern.api.v1.field', FieldShape) ?? FieldShape.fromPartial({});
}

/** How a message looks in the OpenAPI document; members the proto does not set are empty. */
export function messageShape(registry: FileRegistry, message: DescMessage): Readonly<MessageShape> {
  return readOption(registry, message, 'postern.api.v1.message', MessageShape) ?? MessageShape.fromPartial({});
}

/** The property that tells the members of a union apart; undefined for a plain oneof. */
export function unionOf(registry: FileRegistry, oneof: DescOneof): Readonly<Union> | undefined {
  return readOption(registry, oneof, 'postern.api.v1.union', Union);
}

/** The value rules of a field; undefined where there are none. */
export function fieldRules(registry: FileRegistry, field: DescField): FieldRules | undefined {
  return readOption(registry, field, 'buf.validate.field', FieldRules);
}

/** What object a field refers to; undefined for a plain field. */
export function referenceOf(registry: FileRegistry, field: DescField): Reference | undefined {
  return readOption(registry, field, 'postern.api.v1.reference', Reference);
}

/** Every field of every Postern message that refers to an object. */
export function referenceFields(registry: FileRegistry): ReferenceField[] {
  const messages = [...registry].filter((type) => type.kind === 'message' && type.typeName.startsWith('postern.'));
  return messages.flatMap((message) =>
    message.kind !== 'message'
      ? []
      : message.fields.flatMap((field) => {
          const reference = referenceOf(registry, field);
          return reference ? [{ message, field, reference }] : [];
        }),
  );
}
