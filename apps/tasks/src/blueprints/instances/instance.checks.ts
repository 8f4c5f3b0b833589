import { invalidFields, type PosternError } from '@postern/errors';
import type { tasks } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { type Blueprint, BlueprintError, type JsonObject, type Limits, parseBlueprint } from '../format/index.ts';
import { type Catalog, isOciPath, parseOciPath, splitCredentials } from '../sources/index.ts';
import { type ApplyPort, problemsOf } from './application.port.ts';
import { instanceErrors } from './instance.errors.ts';

export type ChecksDeps = {
  readonly catalog: Catalog;
  readonly apply: ApplyPort;
  readonly limits: Limits;
  /** How long a blueprint may be tried, the wait for others included, in milliseconds. Default 10 s, well below the deadline of a request. */
  readonly patienceMs?: number;
};

/** What a request wants an instance to be. */
export type Wanted = Pick<tasks.BlueprintInstance, 'path' | 'content'> & { readonly context: JsonObject };

/** Looks at a new or changed instance before it is stored. */
export type Checks = {
  /** Throws field errors: every request names a path that exists, or a content that could be applied. */
  require(wanted: Wanted, call: Call): Promise<void>;
};

/** Creates the checks. */
export function createChecks({ catalog, apply, limits, patienceMs = 10_000 }: ChecksDeps): Checks {
  async function pathFault(given: string): Promise<PosternError | undefined> {
    const { path } = splitCredentials(given);
    if (path === '') return undefined;
    if (isOciPath(path)) return isOciAddress(path) ? undefined : instanceErrors.BLUEPRINT_ADDRESS_INVALID();
    const files = await catalog.files().catch(() => []);
    return files.some((file) => file.path === path) ? undefined : instanceErrors.BLUEPRINT_FILE_MISSING();
  }

  async function contentFault({ content, context }: Wanted, { context: { tenant, changeSet } }: Call) {
    if (content === '') return undefined;
    const problems = await problemsIn(content, limits, async (blueprint) => {
      // Inside an application there is no room for another one; this one fails as a whole if the text is wrong.
      return changeSet ? [] : dryRun(tenant, blueprint, context);
    });
    return problems.length === 0
      ? undefined
      : instanceErrors.BLUEPRINT_CONTENT_INVALID({ problems: problems.join('\n') });
  }

  /** What cannot be tried in time is not refused: its application will say how it went. */
  async function dryRun(tenant: string, blueprint: Blueprint, context: JsonObject): Promise<string[]> {
    const signal = AbortSignal.timeout(patienceMs);
    try {
      const outcome = await apply(tenant, blueprint, context, { dryRun: true, signal });
      return outcome.status === 'error' ? problemsOf(outcome) : [];
    } catch (error) {
      if (signal.aborted && error === signal.reason) return [];
      throw error;
    }
  }

  return {
    async require(wanted, call) {
      const faults = [await pathFault(wanted.path), await contentFault(wanted, call)].filter(
        (fault) => fault !== undefined,
      );
      if (faults.length > 0) throw invalidFields(faults.flatMap(({ violations }) => violations));
      if (wanted.path === '' && wanted.content === '') throw instanceErrors.BLUEPRINT_SOURCE_MISSING();
    },
  };
}

function isOciAddress(path: string): boolean {
  try {
    parseOciPath(path);
    return true;
  } catch {
    return false;
  }
}

async function problemsIn(
  content: string,
  limits: Limits,
  check: (blueprint: Blueprint) => Promise<string[]>,
): Promise<string[]> {
  try {
    return await check(parseBlueprint(content, limits));
  } catch (error) {
    if (error instanceof BlueprintError) return [error.describe()];
    throw error;
  }
}
