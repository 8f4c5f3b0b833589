import { freeVariables } from '@postern/config';
import { DEFAULT_TENANT } from '@postern/database';
import type { Folder } from './folder.ts';

/** What the tags of a blueprint may read of the installation. */
export type Surroundings = {
  /** A variable that blueprints of a tenant may read; undefined for any other. */
  env(tenant: string, name: string): string | undefined;
  /** Text of a file below the folder for files. Throws BlueprintError. */
  file(path: string): Promise<string>;
};

/**
 * Variables of the first start. They belong to the tenant that every installation has: a token in them would open that one to the administrators of all
 * others.
 */
const BOOTSTRAP = ['EMAIL', 'PASSWORD', 'TOKEN'].flatMap((name) => [
  `AUTHENTIK_BOOTSTRAP_${name}`,
  `POSTERN_BOOTSTRAP_${name}`,
]);

export type SurroundingsDeps = {
  readonly files: Folder;
  /** Default: the environment of the process. */
  readonly variables?: (names: readonly string[]) => (name: string) => string | undefined;
};

/** Opens what blueprints may read: variables made for them, and the files of one folder. Anything else could carry secrets into objects. */
export function createSurroundings({ files, variables = freeVariables }: SurroundingsDeps): Surroundings {
  const free = variables([]);
  const first = variables(BOOTSTRAP);
  return {
    env(tenant, name) {
      if (tenant !== DEFAULT_TENANT) return free(name);
      return first(name) ?? first(name.replace(/^AUTHENTIK_BOOTSTRAP_/, 'POSTERN_BOOTSTRAP_'));
    },
    file: async (path) => (await files.read(path)).text,
  };
}
