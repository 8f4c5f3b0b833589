import { createReader, type Environment, environment } from './environment.ts';

/** Variables whose names start so are nobody's settings: operators give them to blueprints. */
const FREE = /^(?:POSTERN|AUTHENTIK)_BLUEPRINT_/;

/** Whether a variable is free for blueprints, so that no setting has to know it. */
export function isFreeVariable(name: string): boolean {
  return FREE.test(name);
}

/**
 * Reads variables that no setting declares: the free ones, and those that are named here. Any other is undefined, as is one that cannot be read.
 *
 * @param named further names that may be read
 */
export function freeVariables(
  named: readonly string[] = [],
  env: Environment = environment(),
): (name: string) => string | undefined {
  const read = createReader(env);
  return (name) => {
    if (!isFreeVariable(name) && !named.includes(name)) return undefined;
    try {
      return read(name);
    } catch {
      return undefined;
    }
  };
}
