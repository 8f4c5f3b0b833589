import type { Violation } from '@postern/errors';

/** Where a value comes from: each place has its own sentences and its own tolerance. */
export type Place = 'body' | 'query' | 'path';

/**
 * Turns one raw value into what the generated codec takes. What is wrong goes to `sink` under the path `at`; the result
 * then counts for nothing. `undefined` means unset.
 */
export type Decoder = (raw: unknown, at: string, sink: Violation[]) => unknown;

/** Notes a violation; returns undefined so that decoders can end with it. */
export function reject(sink: Violation[], field: string, description: string, reason = 'INVALID'): undefined {
  sink.push({ field, description, reason });
}

/** Path of a member below a path. */
export function below(at: string, name: string | number): string {
  return at === '' ? String(name) : `${at}.${name}`;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
