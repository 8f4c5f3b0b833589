import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';

/** A decoded message as the generated codecs give it. */
export type Message = Readonly<Record<string, unknown>>;

/** Turns a message to what `JSON.stringify` writes. */
export type Encoder = (message: Message) => unknown;

/** Turns the value of a field; undefined stands for "as it is". */
export type ValueEncoder = ((value: unknown) => unknown) | undefined;

/** The encoder of a field that is set: a value, a list or a map. */
export function fieldEncoder(field: DescField, encoderOf: (desc: DescMessage) => Encoder): ValueEncoder {
  const encode = valueEncoder(field, encoderOf);
  if (!encode) return undefined;
  if (field.fieldKind === 'list') return (value) => (value as unknown[]).map(encode);
  if (field.fieldKind !== 'map') return encode;
  return (value) => Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, encode(item)]));
}

function valueEncoder(field: DescField, encoderOf: (desc: DescMessage) => Encoder): ValueEncoder {
  const { message } = field;
  if (!message) return field.scalar === ScalarType.BYTES ? encodeBytes : undefined;
  if (message.typeName === 'google.protobuf.Duration') return encodeDuration;
  // The generated codecs give structs, timestamps and wrappers in their JSON form already.
  if (message.typeName.startsWith('google.protobuf.')) return undefined;
  const encode = encoderOf(message);
  return (value) => encode(value as Message);
}

function encodeBytes(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString('base64');
}

/** Seconds with a trailing `s`, without idle zeros. */
function encodeDuration(value: unknown): string {
  const { seconds, nanos } = value as { seconds: number; nanos: number };
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  const fraction = nanos === 0 ? '' : `.${String(Math.abs(nanos)).padStart(9, '0').replace(/0+$/, '')}`;
  return `${sign}${Math.abs(seconds)}${fraction}s`;
}
