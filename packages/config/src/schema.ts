import { z } from 'zod';
import type { Secret } from './secret.ts';
import { factsOf, type Setting, type SettingFacts } from './settings.ts';

/** Settings by name; a group of settings is a schema of its own. Names are camelCase: `dataDir` is `POSTERN_DATA_DIR`. */
export type ConfigShape = { readonly [name: string]: Setting<unknown> | ConfigSchema };

/** A group of settings, made by `defineConfig`. */
export type ConfigSchema = z.ZodObject<z.core.$ZodLooseShape>;

/** The frozen value that a schema reads. */
export type ConfigOf<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<T> = unknown extends T
  ? T
  : T extends string | number | boolean | Secret | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Item[]
      : { readonly [Key in keyof T]: DeepReadonly<T[Key]> };

/** A setting with the variable that holds it. */
export type Leaf = { name: string; path: readonly string[]; facts: SettingFacts };

/** Declares settings, or a group of them (`listen: defineConfig({ http: address(...) })` is `POSTERN_LISTEN__HTTP`). */
export function defineConfig<const Shape extends ConfigShape>(shape: Shape): z.ZodObject<Writable<Shape>> {
  return z.object(shape as Writable<Shape>);
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Every setting of a schema, in the order of declaration. */
export function leavesOf(schema: z.core.$ZodType, path: readonly string[] = []): Leaf[] {
  const facts = factsOf(schema);
  if (facts) return [{ name: variableOf(path), path, facts }];
  if (!(schema instanceof z.ZodObject)) throw new TypeError(`${variableOf(path)} is neither a setting nor a group`);
  return Object.entries(schema.shape).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

function variableOf(path: readonly string[]): string {
  const segments = path.map((segment) => segment.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return `POSTERN_${segments.join('__')}`;
}
