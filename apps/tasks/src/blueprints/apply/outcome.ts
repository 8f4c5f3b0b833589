import type { Json } from '../format/index.ts';

/** A line about an application, for administrators. Holds no secret. */
export type BlueprintLog = {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  /** Place of the entry among the entries, from 0. */
  readonly entry?: number | undefined;
  /** Path of the field, such as `attrs.name`. */
  readonly field?: string | undefined;
  /** Line of the document, from 1. */
  readonly line?: number | undefined;
};

/** What became, or would become, of the object of an entry. */
export type ChangeAction = 'created' | 'updated' | 'unchanged' | 'deleted' | 'skipped';

/** A field before and after. Secrets are masked. */
export type FieldChange = { readonly field: string; readonly before: Json; readonly after: Json };

/** What an entry did, or would do. */
export type Change = {
  /** Place of the entry among the entries of its blueprint, from 0. */
  readonly entry: number;
  readonly model: string;
  /** Key of the object; null where there is none. */
  readonly pk: Json;
  readonly title: string;
  readonly action: ChangeAction;
  readonly fields: readonly FieldChange[];
  /** Name of the instance whose entry it is, where the blueprint applied another one first. */
  readonly instance?: string | undefined;
};

/** An instance whose blueprint was applied, and the hash of its text. */
export type AppliedInstance = { readonly key: string; readonly hash: string };

/** How an application went. */
export type Outcome = {
  readonly status: 'successful' | 'error';
  readonly logs: readonly BlueprintLog[];
  /** One for each entry that was reached. After an error, and of a dry run, nothing of it is kept. */
  readonly changes: readonly Change[];
  /** Instances whose blueprints it applied first, with its own. */
  readonly first: readonly AppliedInstance[];
};

/** What stands for a secret in changes. */
export const MASK = '********************';
