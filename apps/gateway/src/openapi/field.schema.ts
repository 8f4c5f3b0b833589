import { type DescField, type DescMessage, type FileRegistry, ScalarType } from '@bufbuild/protobuf';
import { fieldBehavior, fieldRules, fieldShape } from '@postern/proto';
import type { Place, Schema } from './schema.types.ts';

type Rules = NonNullable<ReturnType<typeof fieldRules>>;

/** What a field needs from the schemas of the document. */
export type FieldSchemaDeps = {
  registry: FileRegistry;
  /** The comment above a field. */
  comment: (field: DescField) => string;
  /** The schema of a message where it is used: mostly a reference. */
  message: (message: DescMessage, place: Place) => Schema;
  /** A reference to the schema of a choice. */
  choice: (name: string, values: readonly string[]) => Schema;
};

const SCALARS: Partial<Record<ScalarType, Schema>> = {
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BYTES]: { type: 'string', format: 'binary' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.DOUBLE]: { type: 'number', format: 'double' },
  [ScalarType.FLOAT]: { type: 'number', format: 'float' },
};

const INTEGER: Schema = { type: 'integer' };

/** The range of the format, as exactly as JSON says numbers. */
const INT64: Schema = { minimum: -(2 ** 63), maximum: 2 ** 63 };

const WELL_KNOWN: Record<string, Schema> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Struct': { type: 'object', additionalProperties: {} },
  'google.protobuf.Value': {},
};

/** Makes the function that turns a field to the schema of its property, or of its parameter. */
export function createFieldSchema(deps: FieldSchemaDeps): (field: DescField, place: Place) => Schema {
  return (field, place) => {
    const value = valueSchema(deps, field, place);
    const siblings = annotations(deps, field, place);
    return value.$ref ? { allOf: [value], ...siblings } : { ...value, ...siblings };
  };
}

function valueSchema(deps: FieldSchemaDeps, field: DescField, place: Place): Schema {
  const shape = fieldShape(deps.registry, field);
  if (shape.schema) return JSON.parse(shape.schema) as Schema;
  if (shape.message)
    return WELL_KNOWN[shape.message] ?? deps.message(requireMessage(deps.registry, shape.message), place);
  if (field.fieldKind === 'map') return { type: 'object', additionalProperties: elementSchema(deps, field, place) };
  const element = { ...elementSchema(deps, field, place), ...limits(deps.registry, field, place) };
  if (field.fieldKind === 'list') return { type: 'array', items: element };
  return shape.type ? { type: shape.type } : element;
}

function elementSchema(deps: FieldSchemaDeps, field: DescField, place: Place): Schema {
  const { message } = field;
  if (message) return WELL_KNOWN[message.typeName] ?? deps.message(message, place);
  const { enum_name } = fieldShape(deps.registry, field);
  const values = stringRules(fieldRules(deps.registry, field))?.in ?? [];
  if (enum_name && place !== 'parameter') return deps.choice(enum_name, values);
  return (field.scalar && SCALARS[field.scalar]) ?? INTEGER;
}

/** What the rules of a value say about it. The lower bound of a length is of no use to whoever reads an answer. */
function limits(registry: FileRegistry, field: DescField, place: Place): Schema {
  const shape = fieldShape(registry, field);
  const rules = fieldRules(registry, field);
  const text = stringRules(rules);
  const number = rules?.int32;
  const format = shape.format || (text?.uuid ? 'uuid' : text?.email ? 'email' : '');
  return {
    ...(format && { format }),
    ...(format === 'int64' && INT64),
    ...(text?.min_len && place !== 'answer' && { minLength: text.min_len }),
    ...(text?.max_len && { maxLength: text.max_len }),
    ...(text?.pattern && { pattern: text.pattern }),
    ...(number?.gte !== undefined && { minimum: number.gte }),
    ...(number?.lte !== undefined && { maximum: number.lte }),
    ...(text?.in.length && place === 'parameter' && { enum: [...text.in].sort() }),
  };
}

function stringRules(rules: Rules | undefined) {
  return rules?.string ?? rules?.repeated?.items?.string;
}

function annotations({ registry, comment }: FieldSchemaDeps, field: DescField, place: Place): Schema {
  const shape = fieldShape(registry, field);
  const behavior = fieldBehavior(registry, field);
  const parameter = place === 'parameter';
  const nullable = (!parameter && behavior.nullable && !shape.omit_unset) || shape.show_nullable;
  const description = comment(field);
  return {
    ...(shape.title && { title: shape.title }),
    ...(description && !parameter && { description }),
    ...(shape.show_default && { default: JSON.parse(shape.default) }),
    ...(nullable && { nullable }),
    ...(behavior.outputOnly && { readOnly: true }),
    ...(behavior.inputOnly && { writeOnly: true }),
  };
}

function requireMessage(registry: FileRegistry, name: string): DescMessage {
  const message = registry.getMessage(name);
  if (!message) throw new Error(`no message ${name}`);
  return message;
}
