import type { DescField, DescMessage, DescOneof, FileRegistry } from '@bufbuild/protobuf';
import type { Violation } from '@postern/errors';
import { fieldBehavior, fieldShape, unionOf, type Verb } from '@postern/proto';
import { notAChoice, notAnObject, texts } from '../field.texts.ts';
import { below, type Decoder, isObject, type Place, reject } from './decoder.ts';
import { fieldDecoder } from './field.decoder.ts';
import { rulesOfField } from './field.rules.ts';

/** How strictly a body is taken. */
export type Strictness = {
  /** `put` gives a missing field its default only where the field says so; `patch` looks at the fields present alone. */
  readonly verb: Verb;
  /** IMMUTABLE fields are ignored: the object exists already. */
  readonly existing: boolean;
};

/** What a body came to. */
export type DecodedMessage = {
  readonly value: Record<string, unknown>;
  /** Fields that the body sets, by presence or by declared default: the paths of an update mask. */
  readonly fields: readonly string[];
};

/** Decodes a JSON object to a message. */
export type MessageDecoder = (raw: unknown, at: string, sink: Violation[]) => DecodedMessage;

/** Makes decoders of messages. One registry of decoders serves all operations; a message may contain itself. */
export function createMessageDecoders(registry: FileRegistry, place: Place = 'body') {
  const known = new Map<string, MessageDecoder>();
  const nested = (desc: DescMessage): Decoder => {
    const once = lazily(() => decoderOf(desc, { verb: 'post', existing: false }));
    return (raw, at, sink) => once()(raw, at, sink).value;
  };

  /** The decoder of a message without the fields `skip`, which come from elsewhere. */
  function decoderOf(desc: DescMessage, strictness: Strictness, skip: readonly string[] = []): MessageDecoder {
    const id = [desc.typeName, strictness.verb, strictness.existing, ...skip].join(' ');
    const existing = known.get(id);
    if (existing) return existing;
    const made = build(desc, strictness, skip);
    known.set(id, made);
    return made;
  }

  function build(desc: DescMessage, strictness: Strictness, skip: readonly string[]): MessageDecoder {
    const unions = desc.oneofs.filter((oneof) => unionOf(registry, oneof)).map((oneof) => unionMember(oneof));
    const members = new Set(desc.oneofs.filter((oneof) => unionOf(registry, oneof)).flatMap(({ fields }) => fields));
    const fields = desc.fields
      .filter((field) => !skip.includes(field.name) && !members.has(field) && isWritable(field, strictness))
      .map((field) => compile(field, strictness));
    return (raw, at, sink) => {
      if (!isObject(raw)) {
        reject(sink, below(at, 'non_field_errors'), notAnObject(raw));
        return { value: {}, fields: [] };
      }
      const value: Record<string, unknown> = {};
      const present: string[] = [];
      for (const one of fields) one(raw, at, sink, value, present);
      for (const one of unions) one(raw, at, sink, value, present);
      return { value, fields: present };
    };
  }

  type Step = (
    raw: Record<string, unknown>,
    at: string,
    sink: Violation[],
    value: Record<string, unknown>,
    present: string[],
  ) => void;

  function isWritable(field: DescField, { existing }: Strictness): boolean {
    const { outputOnly, immutable } = fieldBehavior(registry, field);
    return !outputOnly && !(existing && immutable);
  }

  function compile(field: DescField, { verb }: Strictness): Step {
    const required = fieldBehavior(registry, field).required && verb !== 'patch';
    const decode = fieldDecoder(field, { registry, place, message: nested });
    const { put_resets: resets } = fieldShape(registry, field);
    const takesDefault = verb === 'put' ? resets : verb !== 'patch';
    const fallback = takesDefault ? defaultOf(registry, field) : undefined;
    const { name } = field;
    return (raw, at, sink, value, present) => {
      const given = Object.hasOwn(raw, name) ? raw[name] : undefined;
      const chosen = given === undefined ? fallback : given;
      if (chosen === undefined) {
        if (required) reject(sink, below(at, name), texts.required, 'REQUIRED');
        else if (verb === 'put' && resets) present.push(name);
        return;
      }
      present.push(name);
      const decoded = decode(chosen, below(at, name), sink);
      if (decoded !== undefined) value[name] = decoded;
    };
  }

  /** A union: the discriminator of the object chooses the member that takes the whole object. */
  function unionMember(oneof: DescOneof): Step {
    const discriminator = unionOf(registry, oneof)?.discriminator ?? '';
    const members = new Map(oneof.fields.map((field) => [discriminatorValue(registry, field, discriminator), field]));
    const decoders = new Map(oneof.fields.map((field) => [field, field.message ? nested(field.message) : undefined]));
    return (raw, at, sink, value, present) => {
      const kind = raw[discriminator];
      const field = members.get(String(kind));
      if (kind === undefined) return reject(sink, below(at, discriminator), texts.required, 'REQUIRED');
      if (!field) return reject(sink, below(at, discriminator), notAChoice(kind));
      present.push(field.name);
      value[field.name] = decoders.get(field)?.(raw, at, sink);
    };
  }

  return decoderOf;
}

/** The value of the discriminator that means a member: the only value its own field allows, its default, or the member's name. */
export function discriminatorValue(registry: FileRegistry, member: DescField, discriminator: string): string {
  const own = member.message?.fields.find(({ name }) => name === discriminator);
  const rules = own ? rulesOfField(registry, own).string : undefined;
  const only = Array.isArray(rules?.in) && rules.in.length === 1 ? rules.in[0] : rules?.const;
  if (typeof only === 'string') return only;
  const value = own && defaultOf(registry, own);
  return typeof value === 'string' ? value : member.name.replaceAll('_', '-');
}

/** The default that a field declares, parsed; undefined for none. */
export function defaultOf(registry: FileRegistry, field: DescField): unknown {
  const { default: text } = fieldShape(registry, field);
  return text === '' ? undefined : JSON.parse(text);
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
