import type { Reply } from './status.codec.ts';
import type { WireMetadata } from './wire.ts';

/** What travels with a request. */
export type ChannelOptions = {
  readonly metadata: WireMetadata;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
};

/** A way to a server. Messages travel as bytes, so that nothing is ever shared between caller and handler. */
export type Channel = {
  /** Sends one request. Never rejects: every failure is a reply with its code. */
  unary(path: string, request: Uint8Array, options: ChannelOptions): Promise<Reply>;
  close(): void;
};
