import type { JsonObject } from './json.ts';

/** A stage as it is stored, or put into one plan. */
export type StageRecord = {
  /** Null for a stage that lives in one plan only. */
  readonly pk: string | null;
  readonly name: string;
  readonly kind: string;
  readonly settings: JsonObject;
};
