import type { Timing } from './schedule.time.ts';

/** A kind of job as its app declares it. */
export type DeclaredKind = {
  readonly name: string;
  readonly description: string;
  readonly task: string;
  readonly visible: string;
  readonly attempts: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  readonly deadlineMs: number;
} & Timing;
