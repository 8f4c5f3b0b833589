import type { DescField, DescMessage, DescOneof, FileRegistry } from '@bufbuild/protobuf';
import { fieldBehavior, fieldShape, messageShape, unionOf } from '@postern/proto';
import { discriminatorValue } from '../decode/message.decoder.ts';

/** A decoded message as the generated codecs give it. */
export type Message = Readonly<Record<string, unknown>>;

/** Turns a message to what `JSON.stringify` writes: every declared field present, unset ones null. */
export type Encoder = (message: Message) => unknown;

type Step = (message: Message, out: Record<string, unknown>) => void;

const encodeBytes = (value: unknown): string => Buffer.from(value as Uint8Array).toString('base64');

/**
 * Makes encoders of messages, compiled once from the descriptors. Plain values are handed on as they are: the work is
 * left to the native `JSON.stringify`, which beats a generated serializer on these shapes (docs/decisions/0046).
 */
export function createMessageEncoders(registry: FileRegistry): (desc: DescMessage) => Encoder {
  const known = new Map<string, Encoder>();

  function encoderOf(desc: DescMessage): Encoder {
    const existing = known.get(desc.typeName);
    if (existing) return existing;
    // Registered before it is built, because a message may contain itself.
    let built: Encoder | undefined;
    const late: Encoder = (message) => (built ?? (() => null))(message);
    known.set(desc.typeName, late);
    built = build(desc);
    known.set(desc.typeName, built);
    return built;
  }

  function build(desc: DescMessage): Encoder {
    const unions = desc.oneofs.filter((oneof) => unionOf(registry, oneof));
    const members = new Set(unions.flatMap(({ fields }) => fields));
    const fields = desc.fields.filter((field) => !members.has(field) && !fieldBehavior(registry, field).inputOnly);
    const steps = [...fields.map(fieldStep), ...unions.map(unionStep)];
    const [only] = fields;
    if (only && messageShape(registry, desc).bare_list) return bareList(only);
    return (message) => {
      const out: Record<string, unknown> = {};
      for (const step of steps) step(message, out);
      return out;
    };
  }

  function bareList(field: DescField): Encoder {
    const encode = listEncoder(field);
    return (message) => encode(message[field.name]);
  }

  function fieldStep(field: DescField): Step {
    const { name } = field;
    const encode = fieldEncoder(field);
    const omits = fieldShape(registry, field).omit_unset;
    return (message, out) => {
      const value = message[name];
      if (value === undefined) {
        if (!omits) out[name] = null;
      } else out[name] = encode ? encode(value) : value;
    };
  }

  /** The encoder of a value that is set; undefined where the value goes out as it is. */
  function fieldEncoder(field: DescField): ((value: unknown) => unknown) | undefined {
    if (field.fieldKind === 'list') return listEncoder(field);
    if (field.fieldKind === 'map') return mapEncoder(field);
    return valueEncoder(field);
  }

  function valueEncoder(field: DescField): ((value: unknown) => unknown) | undefined {
    if (field.message) return messageEncoder(field.message);
    return field.scalar === 12 ? encodeBytes : undefined;
  }

  function messageEncoder(message: DescMessage): ((value: unknown) => unknown) | undefined {
    if (message.typeName === 'google.protobuf.Duration') return encodeDuration;
    // The generated codecs give structs, timestamps and wrappers in their JSON form already.
    if (message.typeName.startsWith('google.protobuf.')) return undefined;
    const encode = encoderOf(message);
    return (value) => encode(value as Message);
  }

  function listEncoder(field: DescField): (value: unknown) => unknown {
    const encode = valueEncoder(field);
    return (value) => (encode ? (value as unknown[]).map(encode) : value);
  }

  function mapEncoder(field: DescField): (value: unknown) => unknown {
    const encode = valueEncoder(field);
    return (value) => {
      if (!encode) return value;
      return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, encode(item)]));
    };
  }

  /** The member that is set stands alone, with its discriminator. */
  function unionStep(oneof: DescOneof): Step {
    const discriminator = unionOf(registry, oneof)?.discriminator ?? '';
    const members = oneof.fields.map((field) => ({
      name: field.name,
      value: discriminatorValue(registry, field, discriminator),
      encode: fieldEncoder(field),
    }));
    return (message, out) => {
      const member = members.find(({ name }) => message[name] !== undefined);
      if (!member) return;
      out[discriminator] = member.value;
      const body = member.encode?.(message[member.name]);
      if (typeof body === 'object') Object.assign(out, body);
      out[discriminator] ||= member.value;
    };
  }

  return encoderOf;
}

function encodeDuration(value: unknown): string {
  const { seconds, nanos } = value as { seconds: number; nanos: number };
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  const fraction = nanos === 0 ? '' : `.${String(Math.abs(nanos)).padStart(9, '0').replace(/0+$/, '')}`;
  return `${sign}${Math.abs(seconds)}${fraction}s`;
}
