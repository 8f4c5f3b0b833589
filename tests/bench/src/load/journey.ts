import type { HttpConnection } from './http.connection.ts';

/** What a lane may use. */
export type Lane = {
  /** Number of the lane, from 0. */
  readonly index: number;
  /** The connection that the lane keeps. */
  readonly connection: HttpConnection;
};

/** One operation, counted as one. `done` says that there is no more to do. It rejects when the answer is not what it should be. */
export type Step = () => Promise<'done' | 'more'>;

/** Makes the operation of a lane. */
export type Journey<Options> = (lane: Lane, options: Options) => Step;

/** Throws, with the beginning of the answer, unless its status is the one expected. */
export function expectStatus({ status, body }: { status: number; body: string }, expected: number): void {
  if (status !== expected) throw new Error(`answered ${status} instead of ${expected}: ${body.slice(0, 300)}`);
}
