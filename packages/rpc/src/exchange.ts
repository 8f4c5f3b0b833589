import type { CallerTokens, MethodInfo } from './call.ts';
import type { Context } from './caller.ts';
import type { Reach } from './object-rights.ts';
import type { createResponseHead } from './response-head.ts';
import type { WireMetadata } from './wire.ts';

/** One call on its way through a server. Every transport makes one of these; from there on they are the same. */
export type Exchange = {
  readonly method: MethodInfo;
  readonly transport: 'grpc' | 'memory';
  readonly request: Uint8Array;
  readonly metadata: WireMetadata;
  readonly abort: AbortController;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly response: ReturnType<typeof createResponseHead>;
  /** Known once the principal interceptor has run; until then nobody, of no tenant. */
  context: Context;
  tokens: CallerTokens;
  /** Known once the access interceptor has run: what the answer may be about. */
  reach: Reach;
  /** Whether the handler has asked for it. */
  isReachKnown: boolean;
};

/** What happens around every call. Answers with the bytes of the response or throws. */
export type Interceptor = (exchange: Exchange, next: () => Promise<Uint8Array>) => Promise<Uint8Array>;

/** Runs interceptors in order, the first outermost, around what answers. */
export function chain(
  interceptors: readonly Interceptor[],
  answer: (exchange: Exchange) => Promise<Uint8Array>,
): (exchange: Exchange) => Promise<Uint8Array> {
  return interceptors.reduceRight<(exchange: Exchange) => Promise<Uint8Array>>(
    (next, interceptor) => (exchange) => interceptor(exchange, () => next(exchange)),
    answer,
  );
}
