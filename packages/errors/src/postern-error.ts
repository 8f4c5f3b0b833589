import type { Code } from './code.ts';

/** One thing that is wrong with one field of a request. */
export type Violation = {
  /** Dotted path of proto field names, list positions included (`redirect_uris.0.url`); empty for the whole object. */
  readonly field: string;
  /** What is wrong, for a person. */
  readonly description: string;
  /** Why, for a program: an UPPER_SNAKE reason, or the id of a validation rule such as `string.max_len`. */
  readonly reason: string;
  /** Limits of the broken rule, such as `{ max_len: '80' }`, for a renderer that phrases the sentence itself. */
  readonly limits?: Readonly<Record<string, string>>;
};

/** What an error carries. Everything but `cause` may be shown to the caller. */
export type PosternErrorFields = {
  code: Code;
  reason: string;
  domain: string;
  message: string;
  metadata?: Readonly<Record<string, string>>;
  violations?: readonly Violation[];
  cause?: unknown;
};

/**
 * The one error class. Services make it from a catalogue entry (`defineErrors`), and only the transport that decodes an answer of
 * another service calls the constructor.
 */
export class PosternError extends Error {
  override readonly name = 'PosternError';
  readonly code: Code;
  /** Permanent UPPER_SNAKE identifier; clients may branch on it. */
  readonly reason: string;
  /** Who gives the reason, such as `directory.groups`. */
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];

  constructor({ code, reason, domain, message, metadata = {}, violations = [], cause }: PosternErrorFields) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.domain = domain;
    this.metadata = metadata;
    this.violations = violations;
    // The cause is for the log alone: not enumerable, so that no serializer carries it out.
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause, enumerable: false });
  }
}
