import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { common, invalidFields, type Violation } from '@postern/errors';
import type { Binding, Operation } from '@postern/proto';
import {
  type createMessageDecoders,
  type Decoder,
  fieldDecoder,
  type MessageDecoder,
  type PathDecoder,
  pathDecoder,
  type QueryDecoder,
  queryDecoder,
} from '@postern/transcode';
import { type RawBody, readBody, requireType } from './body.reader.ts';

/** The parts of an HTTP request that a message is made of. */
export type HttpParts = { readonly keys: readonly string[]; readonly query: string; readonly body: RawBody };

/** Makes the request message. Throws NOT_FOUND for impossible keys, INVALID_FIELDS for all that is wrong otherwise. */
export type RequestTranscoder = (parts: HttpParts) => Promise<Record<string, unknown>>;

type Deps = { registry: FileRegistry; messages: ReturnType<typeof createMessageDecoders> };

const MASK = 'update_mask';

/** Builds the way in of one binding. */
export function requestTranscoder(operation: Operation, binding: Binding, deps: Deps): RequestTranscoder {
  const { input, rest } = operation;
  const decodeKeys = keyTranscoder(operation, binding, deps.registry);
  const elsewhere = [...binding.parameters, MASK, ...(binding.body === '' ? [] : [binding.body])];
  const decodeQuery: QueryDecoder | undefined =
    binding.body === '*' ? undefined : queryDecoder(deps.registry, input, elsewhere);
  const takeBody = bodyTaker(operation, binding, deps);
  return async ({ keys, query, body }) => {
    const value = decodeKeys(keys);
    const sink: Violation[] = [];
    decodeQuery?.(new URLSearchParams(query), value, sink);
    await takeBody?.(body, rest.body_types, value, sink);
    if (sink.length > 0) throw invalidFields(sink);
    return value;
  };
}

/** Builds the way in of what the path of one binding says. */
export function keyTranscoder({ input }: Operation, { parameters }: Binding, registry: FileRegistry) {
  const decodePath: PathDecoder = pathDecoder(registry, input, parameters);
  return (keys: readonly string[]): Record<string, unknown> => {
    const value: Record<string, unknown> = {};
    if (!decodePath(keys, value)) throw common.NOT_FOUND();
    return value;
  };
}

type BodyTaker = (
  body: RawBody,
  accepted: readonly string[],
  value: Record<string, unknown>,
  sink: Violation[],
) => Promise<void>;

function bodyTaker(operation: Operation, binding: Binding, deps: Deps): BodyTaker | undefined {
  const { input } = operation;
  if (binding.body === '') return undefined;
  if (binding.body === '*') return wholeBody(input, binding, deps);
  const field = input.fields.find(({ name }) => name === binding.body);
  if (!field) throw new Error(`${input.typeName} has no field ${binding.body}, which an operation names as its body`);
  const { message } = field;
  if (message?.typeName === 'google.api.HttpBody') return rawBody(field);
  if (field.fieldKind !== 'message' || !message || message.typeName.startsWith('google.protobuf.'))
    return plainBody(field, deps);
  return messageBody(field, message, binding, input, deps);
}

/** `body: "*"`: all fields but those of the path. */
function wholeBody(input: DescMessage, binding: Binding, { messages }: Deps): BodyTaker {
  const decode = messages(input, strictness(binding, input), [...binding.parameters, MASK]);
  return async (body, accepted, value, sink) => {
    take(decode, await readBody(body, accepted, input), value, value, input, binding, sink);
  };
}

/** `body: "<field>"`: the field is the resource. */
function messageBody(
  field: DescField,
  message: DescMessage,
  binding: Binding,
  input: DescMessage,
  deps: Deps,
): BodyTaker {
  const decode = deps.messages(message, strictness(binding, input));
  return async (body, accepted, value, sink) => {
    const resource: Record<string, unknown> = {};
    value[field.name] = resource;
    take(decode, await readBody(body, accepted, message), resource, value, input, binding, sink);
  };
}

/** A body that is a list, a map or free-form JSON. */
function plainBody(field: DescField, { registry, messages }: Deps): BodyTaker {
  const message = (desc: DescMessage): Decoder => {
    const decode = messages(desc, { verb: 'post', existing: false });
    return (raw, at, sink) => decode(raw, at, sink).value;
  };
  const decode = fieldDecoder(field, { registry, place: 'body', message });
  return async (body, accepted, value, sink) => {
    value[field.name] = decode(await readBody(body, accepted, undefined), '', sink);
  };
}

/** A body that the service reads itself. */
function rawBody(field: DescField): BodyTaker {
  return async ({ type, bytes }, accepted, value) => {
    if (bytes.length > 0) requireType(type, accepted);
    value[field.name] = { content_type: type, data: bytes };
  };
}

function take(
  decode: MessageDecoder,
  raw: unknown,
  resource: Record<string, unknown>,
  request: Record<string, unknown>,
  input: DescMessage,
  { verb }: Binding,
  sink: Violation[],
): void {
  const { value, fields } = decode(raw, '', sink);
  Object.assign(resource, value);
  if (hasMask(input) && (verb === 'put' || verb === 'patch')) request[MASK] = fields;
}

function hasMask(input: DescMessage): boolean {
  return input.fields.some(({ name }) => name === MASK);
}

function strictness({ verb }: Binding, input: DescMessage) {
  return { verb, existing: hasMask(input) };
}
