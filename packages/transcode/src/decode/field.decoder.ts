import { type DescField, type DescMessage, type FileRegistry, ScalarType } from '@bufbuild/protobuf';
import type { Violation } from '@postern/errors';
import { fieldBehavior, referenceOf } from '@postern/proto';
import { notAChoice, notAKey, notAList, notAReferenceUuid, texts } from '../field.texts.ts';
import { below, type Decoder, isObject, type Place, reject } from './decoder.ts';
import { rulesOfField } from './field.rules.ts';
import { decodeListValue, decodeStruct, decodeValue } from './json.decoder.ts';
import { type Check, checkOf } from './rules.check.ts';
import { scalarDecoder } from './scalar.decoder.ts';
import { decodeDuration, timeDecoder } from './time.decoder.ts';

/** What building a field's decoder needs: the registry, where values come from, and decoders of nested messages. */
export type FieldContext = {
  readonly registry: FileRegistry;
  readonly place: Place;
  message(desc: DescMessage): Decoder;
};

/** The decoder of a field, its value rules included: one value, a list or a map. `null` is handled here. */
export function fieldDecoder(field: DescField, context: FieldContext): Decoder {
  const { nullable } = fieldBehavior(context.registry, field);
  const isKey = referenceOf(context.registry, field) !== undefined;
  const decode = shapeDecoder(field, context);
  const takesNull = nullable || isAnyJson(field);
  return (raw, at, sink) => {
    if (raw === null && isAnyJson(field)) return null;
    // An empty key of a reference means "none", as forms send it.
    const isNull = raw === null || (isKey && raw === '' && nullable);
    if (isNull) return takesNull ? undefined : reject(sink, at, texts.null, 'NULL');
    return decode(raw, at, sink);
  };
}

function isAnyJson(field: DescField): boolean {
  return field.fieldKind === 'message' && field.message.typeName === 'google.protobuf.Value';
}

function shapeDecoder(field: DescField, context: FieldContext): Decoder {
  if (field.fieldKind === 'list') return listDecoder(field, context);
  if (field.fieldKind === 'map') return mapDecoder(field, context);
  return withRules(valueDecoder(field, context), rulesOf(field, context));
}

/** The decoder of a single value of the field's type. */
function valueDecoder(field: DescField, context: FieldContext): Decoder {
  if (field.message) return messageDecoder(field.message, context);
  if (field.enum) return enumDecoder(new Set(field.enum.values.slice(1).map(({ name }) => name)));
  return scalarDecoder(field.scalar ?? ScalarType.STRING, context.place);
}

function messageDecoder(message: DescMessage, context: FieldContext): Decoder {
  const known: Readonly<Record<string, Decoder>> = {
    'google.protobuf.Struct': decodeStruct,
    'google.protobuf.Value': decodeValue,
    'google.protobuf.ListValue': decodeListValue,
    'google.protobuf.Timestamp': timeDecoder(context.place),
    'google.protobuf.Duration': decodeDuration,
    'google.protobuf.StringValue': scalarDecoder(ScalarType.STRING, context.place),
    'google.protobuf.BoolValue': scalarDecoder(ScalarType.BOOL, context.place),
    'google.protobuf.Int32Value': scalarDecoder(ScalarType.INT32, context.place),
    'google.protobuf.UInt32Value': scalarDecoder(ScalarType.UINT32, context.place),
    'google.protobuf.DoubleValue': scalarDecoder(ScalarType.DOUBLE, context.place),
  };
  return known[message.typeName] ?? context.message(message);
}

function enumDecoder(names: ReadonlySet<unknown>): Decoder {
  return (raw, at, sink) => (names.has(raw) ? raw : reject(sink, at, notAChoice(raw)));
}

/** Adds the rules of a field, in the words that a key of another object has. */
function withRules(decode: Decoder, rules: { check?: Check; isUuidKey: boolean; isKey: boolean }): Decoder {
  return (raw, at, sink) => {
    if (rules.isKey && (isObject(raw) || Array.isArray(raw) || typeof raw === 'boolean'))
      return reject(sink, at, notAKey(raw));
    const before = sink.length;
    const value = decode(raw, at, sink);
    if (sink.length > before) {
      if (rules.isKey && typeof raw === 'string') rephrase(sink, before, notAKey(raw));
      return undefined;
    }
    rules.check?.(value, at, sink);
    if (rules.isUuidKey && sink.length > before) rephrase(sink, before, notAReferenceUuid(raw));
    return value;
  };
}

function rephrase(sink: Violation[], index: number, description: string): void {
  const [violation] = sink.splice(index);
  if (violation) sink.push({ ...violation, description });
}

function rulesOf(field: DescField, { registry, place }: FieldContext) {
  const declared = rulesOfField(registry, field);
  const rules = field.fieldKind === 'list' ? (declared.items ?? {}) : declared;
  const isKey = place === 'body' && referenceOf(registry, field) !== undefined;
  return { check: checkOf(rules, place), isKey, isUuidKey: isKey && rules.string?.uuid === true };
}

function listDecoder(field: DescField, context: FieldContext): Decoder {
  const isKey = context.place === 'body' && referenceOf(context.registry, field) !== undefined;
  const decode = withRules(valueDecoder(field, context), rulesOf(field, context));
  const max = rulesOfField(context.registry, field).maxItems ?? Number.POSITIVE_INFINITY;
  return (raw, at, sink) => {
    if (!Array.isArray(raw)) return reject(sink, at, notAList(raw));
    if (raw.length > max) return reject(sink, at, `Ensure this field has no more than ${max} elements.`);
    // Lists of keys and filters report under the field itself, other lists by position.
    const isFlat = isKey || context.place === 'query';
    return raw.map((item, index) => {
      const where = isFlat ? at : below(at, index);
      return item === null ? reject(sink, where, texts.null, 'NULL') : decode(item, where, sink);
    });
  };
}

function mapDecoder(field: DescField, context: FieldContext): Decoder {
  const decode = valueDecoder(field, context);
  return (raw, at, sink) => {
    if (!isObject(raw)) return reject(sink, at, texts.dictionary);
    const entries = Object.entries(raw).map(([key, value]) => [key, decode(value, below(at, key), sink)]);
    return Object.fromEntries(entries);
  };
}
