import type { Context } from '@postern/rpc';
import type { Blueprint, JsonObject } from '../format/index.ts';

/** A line about an application: what, and where in the blueprint. */
export type ApplicationLog = {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly entry?: number | undefined;
  readonly field?: string | undefined;
  readonly line?: number | undefined;
};

/** How an application went. */
export type ApplicationOutcome = {
  readonly status: 'successful' | 'error';
  readonly logs: readonly ApplicationLog[];
  /** Instances whose blueprints it applied first, and the hashes of their texts. */
  readonly first?: readonly { readonly key: string; readonly hash: string }[];
};

/** Who asked for an application, for the audit log. */
export type Asker = Pick<Context, 'principal' | 'client'>;

/** How a blueprint is applied. */
export type ApplyOptions = {
  readonly dryRun?: boolean;
  /** Who asked for it; nobody did where the platform applies it by itself. */
  readonly asker?: Asker | undefined;
  /** Key of the instance whose blueprint it is. */
  readonly instance?: string | undefined;
  /** Stops it between two entries, before anything is kept: it throws the reason. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Applies a blueprint to a tenant, all of it or nothing. A dry run keeps nothing in any case.
 *
 * @param context what an instance merges over the context of the blueprint
 */
export type ApplyPort = (
  tenant: string,
  blueprint: Blueprint,
  context: JsonObject,
  options?: ApplyOptions,
) => Promise<ApplicationOutcome>;

/** A log line as one line of text: `entry 3, attrs.name, line 17: This field is required.` */
export function describeLog({ message, entry, field, line }: ApplicationLog): string {
  const place = [
    entry === undefined ? [] : `entry ${entry}`,
    field ?? [],
    line === undefined ? [] : `line ${line}`,
  ].flat();
  return place.length === 0 ? message : `${place.join(', ')}: ${message}`;
}

/** What went wrong, one sentence each. */
export function problemsOf({ logs }: ApplicationOutcome): string[] {
  const errors = logs.filter(({ level }) => level === 'error');
  return (errors.length > 0 ? errors : logs).map(describeLog);
}
