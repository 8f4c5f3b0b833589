import type { DescField, DescMessage, DescOneof, FileRegistry } from '@bufbuild/protobuf';
import { fieldBehavior, fieldShape, messageShape, unionOf } from '@postern/proto';
import { discriminatorValue } from '../decode/message.decoder.ts';
import { type Encoder, fieldEncoder, type Message } from './value.encoder.ts';

type Step = (message: Message, out: Record<string, unknown>) => void;
type EncoderOf = (desc: DescMessage) => Encoder;

/**
 * Makes encoders of messages, compiled once from the descriptors: every declared field is present, unset ones are null.
 * Plain values are handed on as they are; the writing is left to the native `JSON.stringify` (docs/decisions/0046).
 */
export function createMessageEncoders(registry: FileRegistry): EncoderOf {
  const known = new Map<string, Encoder>();
  const encoderOf: EncoderOf = (desc) => {
    const existing = known.get(desc.typeName);
    if (existing) return existing;
    // Registered before it is built, because a message may contain itself.
    let built: Encoder | undefined;
    known.set(desc.typeName, (message) => built?.(message));
    built = build(registry, desc, encoderOf);
    known.set(desc.typeName, built);
    return built;
  };
  return encoderOf;
}

function build(registry: FileRegistry, desc: DescMessage, encoderOf: EncoderOf): Encoder {
  const unions = desc.oneofs.filter((oneof) => unionOf(registry, oneof));
  const members = new Set(unions.flatMap(({ fields }) => fields));
  const fields = desc.fields.filter((field) => !members.has(field) && !fieldBehavior(registry, field).inputOnly);
  const [only] = fields;
  if (only && messageShape(registry, desc).bare_list) {
    const encode = fieldEncoder(only, encoderOf);
    return (message) => (encode ? encode(message[only.name]) : message[only.name]);
  }
  const steps = [
    ...fields.map((field) => fieldStep(registry, field, encoderOf)),
    ...unions.map((oneof) => unionStep(registry, oneof, encoderOf)),
  ];
  return (message) => {
    const out: Record<string, unknown> = {};
    for (const step of steps) step(message, out);
    return out;
  };
}

function fieldStep(registry: FileRegistry, field: DescField, encoderOf: EncoderOf): Step {
  const { name } = field;
  const encode = fieldEncoder(field, encoderOf);
  if (fieldShape(registry, field).omit_unset) {
    return (message, out) => {
      const value = message[name];
      if (value !== undefined && !isEmpty(field, value)) out[name] = encode ? encode(value) : value;
    };
  }
  return (message, out) => {
    const value = message[name];
    if (value === undefined) out[name] = null;
    else out[name] = encode ? encode(value) : value;
  };
}

function isEmpty({ fieldKind }: DescField, value: unknown): boolean {
  if (fieldKind === 'list') return Array.isArray(value) && value.length === 0;
  return fieldKind === 'map' && Object.keys(Object(value)).length === 0;
}

/** The member that is set stands alone, with its discriminator. */
function unionStep(registry: FileRegistry, oneof: DescOneof, encoderOf: EncoderOf): Step {
  const discriminator = unionOf(registry, oneof)?.discriminator ?? '';
  const members = oneof.fields.map((field) => ({
    name: field.name,
    value: discriminatorValue(registry, field, discriminator),
    encode: fieldEncoder(field, encoderOf),
  }));
  return (message, out) => {
    const member = members.find(({ name }) => message[name] !== undefined);
    if (!member) return;
    const body = member.encode?.(message[member.name]);
    if (typeof body === 'object') Object.assign(out, body);
    out[discriminator] ||= member.value;
  };
}
