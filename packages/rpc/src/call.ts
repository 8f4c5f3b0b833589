import type { Logger } from '@postern/observability';
import type { AccessRule } from '@postern/proto';
import type { Context } from './caller.ts';
import type { Reach } from './object-rights.ts';
import type { ResponseHead } from './response-head.ts';
import type { Handed } from './wire.ts';

/** Which RPC is being answered. */
export type MethodInfo = {
  /** Full name of the service, such as `postern.auth.v1.TokenService`. */
  readonly service: string;
  /** Name of the RPC, such as `GetToken`. */
  readonly name: string;
  /** `/<service>/<name>`. */
  readonly path: string;
  readonly access: AccessRule;
};

/** The signed entries that a call came with, for calls made on its behalf. */
export type CallerTokens = {
  readonly principal?: string;
  readonly client?: string | Handed;
  readonly changeSet?: string;
};

/** What a handler gets beside the request. */
export type Call = {
  readonly context: Context;
  /** Aborted when the caller goes away, the deadline passes or the server shuts down. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** HTTP headers that the RPC asked for, names in lower case. They are the client's words: not verified. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the HTTP answer shall look like beyond its body. */
  readonly response: ResponseHead;
  /** Logger that knows the RPC, the tenant and the request id. */
  readonly log: Logger;
  readonly method: MethodInfo;
  /**
   * What a list may show its caller. Whoever holds the permission of the RPC on single objects alone gets an answer only from a handler that
   * asks for this, and refusal from any other.
   */
  reach(): Reach;
  readonly tokens: CallerTokens;
};
