import type { z } from 'zod';
import { aliasOf, databaseUrlOf, ignoredAliases } from './aliases.ts';
import { ConfigError, type Problem } from './config.error.ts';
import { createReader, type Environment, environment, type Reader } from './environment.ts';
import { isFreeVariable } from './free-variables.ts';
import { type ConfigOf, type Leaf, leavesOf } from './schema.ts';
import { suggest } from './suggestion.ts';

export type LoadOptions = {
  /** Where the variables come from. Default: those of the process. */
  env?: Environment;
  /** Schemas of other apps of the installation: their settings are known here, so that one environment serves every role. */
  known?: readonly z.ZodType[];
};

/**
 * Reads settings once, refuses unknown `POSTERN_*` names, and freezes the result. Throws a `ConfigError` that names everything that is wrong.
 * A `POSTERN_*` name wins over its `AUTHENTIK_*` alias.
 */
export function loadConfig<Schema extends z.ZodType>(schema: Schema, options: LoadOptions = {}): ConfigOf<Schema> {
  const { env = environment(), known = [] } = options;
  const leaves = leavesOf(schema);
  const names = namesOf([schema, ...known]);
  const problems = unknownNames(names, env);
  const raw: Record<string, unknown> = {};
  const read = createReader(env);
  const sources = sourcesOf(env);
  for (const leaf of leaves) place(raw, leaf.path, textOf(leaf, { read, sources, problems }));
  const parsed = schema.safeParse(raw);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => problemOf(issue, leaves)));
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return deepFreeze(parsed.data) as ConfigOf<Schema>;
}

/** Variables of the reference that are set and have no meaning here. */
export function ignoredVariables(schemas: readonly z.ZodType[], env: Environment = environment()): string[] {
  return ignoredAliases(namesOf(schemas), env);
}

/** `POSTERN_*` variables that are set and that none of these schemas knows. */
export function unknownVariables(schemas: readonly z.ZodType[], env: Environment = environment()): string[] {
  return unknownNames(namesOf(schemas), env).map(({ name }) => name);
}

function namesOf(schemas: readonly z.ZodType[]): Set<string> {
  return new Set(schemas.flatMap((each) => leavesOf(each).map((leaf) => leaf.name)));
}

/** What commands read that speak to a running installation: they may stand in the environment of that installation. */
const OF_COMMANDS: ReadonlySet<string> = new Set(['POSTERN_URL', 'POSTERN_TOKEN', 'POSTERN_PASSPHRASE']);

function unknownNames(names: ReadonlySet<string>, env: Environment): Problem[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('POSTERN_') && !isFreeVariable(name) && !OF_COMMANDS.has(name))
    .filter((name) => !names.has(name) && !names.has(name.replace(/_FILE$/, '')))
    .map((name) => {
      const near = suggest(name, names);
      return { name, message: near ? `is not a setting; did you mean ${near}?` : 'is not a setting' };
    });
}

/** For each setting, the variables of the reference that stand for it. */
function sourcesOf(env: Environment): Map<string, string> {
  const sources = new Map<string, string>();
  for (const name of Object.keys(env)) {
    const plain = name.replace(/_FILE$/, '');
    const alias = aliasOf(plain);
    if (alias !== undefined) sources.set(alias, plain);
  }
  return sources;
}

type Reading = { read: Reader; sources: ReadonlyMap<string, string>; problems: Problem[] };

function textOf({ name, facts }: Leaf, { read, sources, problems }: Reading): string | undefined {
  const alias = sources.get(name);
  for (const variable of alias === undefined ? [name] : [name, alias]) {
    try {
      const value = read(variable);
      if (value !== undefined) return value;
    } catch (error) {
      problems.push({ name: variable, message: error instanceof Error ? error.message : 'cannot be read' });
      return facts.fallback;
    }
  }
  return name === 'POSTERN_DATABASE__URL' ? databaseUrlOf(read) : undefined;
}

function place(target: Record<string, unknown>, path: readonly string[], value: string | undefined): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    if (value !== undefined) target[head] = value;
    return;
  }
  target[head] ??= {};
  place(target[head] as Record<string, unknown>, rest, value);
}

function problemOf(issue: z.core.$ZodIssue, leaves: readonly Leaf[]): Problem {
  const leaf = leaves.find(({ path }) => path.join('.') === issue.path.join('.'));
  return { name: leaf?.name ?? issue.path.join('.'), message: issue.message };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
