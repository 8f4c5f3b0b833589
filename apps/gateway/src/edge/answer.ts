import { common, PosternError } from '@postern/errors';
import type { ReceivedHead } from '@postern/rpc';
import type { FastifyReply } from 'fastify';
import { gatewayErrors, type Rendered } from '../errors/index.ts';
import type { HttpAnswer } from '../transcoding/response.transcoder.ts';

/** Sends what a service answered, with the head that it asked for. */
export function sendAnswer(reply: FastifyReply, answer: HttpAnswer, head: ReceivedHead | undefined): FastifyReply {
  if (answer.type !== undefined) reply.header('content-type', answer.type);
  reply.code(answer.status);
  applyHead(reply, head);
  return reply.send(bytesOf(answer.body));
}

/** Sends an error; a head that the service set before it failed holds, too. */
export function sendError(reply: FastifyReply, rendered: Rendered, head?: ReceivedHead): FastifyReply {
  reply.code(rendered.status).headers(rendered.headers);
  applyHead(reply, head);
  return reply.send(bytesOf(rendered.body));
}

/** Fastify adds a charset to the type of a text, which JSON does not have (RFC 8259, section 11). */
function bytesOf(body: string | Buffer | undefined): Buffer | undefined {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function applyHead(reply: FastifyReply, head: ReceivedHead | undefined): void {
  if (!head) return;
  if (head.status !== undefined) reply.code(head.status);
  for (const [name, value] of head.headers) {
    const before = name.toLowerCase() === 'vary' ? reply.getHeader('vary') : undefined;
    reply.header(name, typeof before === 'string' ? `${before}, ${value}` : value);
  }
  for (const { name, value, path = '/', ...attributes } of head.cookies)
    reply.setCookie(name, value, { path, ...attributes });
}

/** The catalogue entry for whatever was thrown. What nobody foresaw becomes INTERNAL, with the cause for the log. */
export function toPosternError(error: unknown, bodyLimit: number): PosternError {
  if (error instanceof PosternError) return error;
  const code = codeOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return gatewayErrors.BODY_TOO_LARGE({ limit: bodyLimit });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return gatewayErrors.UNSUPPORTED_MEDIA_TYPE({ type: '' });
  return isClientFault(error) ? gatewayErrors.BAD_REQUEST({}, { cause: error }) : common.INTERNAL({}, { cause: error });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function isClientFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}
