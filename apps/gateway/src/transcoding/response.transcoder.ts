import type { FileRegistry } from '@bufbuild/protobuf';
import { type Binding, messageShape, type Operation } from '@postern/proto';
import type { createMessageEncoders, Message } from '@postern/transcode';
import { partOf } from './part.ts';

/** The body of an answer. */
export type HttpAnswer = { readonly status: number; readonly type?: string; readonly body?: string | Buffer };

/** What was asked for, as far as an answer repeats it. */
export type Asked = { readonly origin: string; readonly path: string; readonly query: string };

/** Makes the body of an answer from the response message. */
export type ResponseTranscoder = (message: Message, asked: Asked) => HttpAnswer;

type Deps = { registry: FileRegistry; encoders: ReturnType<typeof createMessageEncoders> };

/** Builds the way out of one binding. */
export function responseTranscoder(
  { output, rest }: Operation,
  binding: Binding,
  { registry, encoders }: Deps,
): ResponseTranscoder {
  if (output.typeName === 'google.protobuf.Empty') {
    const empty: HttpAnswer = { status: rest.status || 204 };
    return () => empty;
  }
  const status = rest.status || 200;
  if (output.typeName === 'google.api.HttpBody') return (message) => rawAnswer(message, status);
  const encode = encoders(output);
  const { responseBody } = binding;
  const indent = rest.indented ? 2 : 0;
  const isPart = messageShape(registry, output).limit_offset;
  return (message, asked) => {
    const encoded = encode(message);
    const whole = isPart ? partOf(Object(encoded), asked) : encoded;
    const shown = responseBody === '' ? whole : Reflect.get(Object(whole), responseBody);
    return { status, type: 'application/json', body: JSON.stringify(shown ?? null, null, indent) };
  };
}

function rawAnswer({ content_type, data }: Message, status: number): HttpAnswer {
  const type = typeof content_type === 'string' && content_type !== '' ? content_type : 'application/octet-stream';
  return { status, type, body: Buffer.from(data as Uint8Array) };
}
