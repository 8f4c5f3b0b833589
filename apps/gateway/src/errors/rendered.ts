import type { PosternError } from '@postern/errors';

/** An error as HTTP says it. */
export type Rendered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What a renderer may look at besides the error. */
export type RenderContext = {
  /** Id of the request: the only thing that an answer about a fault of ours carries. */
  readonly requestId: string;
  /** The decoded request, for sentences that repeat a value. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** Request field that holds the body: its name is no part of the contract's field names. */
  readonly body?: string;
  /** Whether an Authorization header came with the request (RFC 6749, section 5.2). */
  readonly hasAuthorization?: boolean;
};

/** Turns an error into the body of one public family. */
export type Renderer = (error: PosternError, context: RenderContext) => Rendered;
