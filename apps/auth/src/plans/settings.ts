import type { JsonObject, JsonValue } from './json.ts';

/** Reads one setting of a stage as it is stored; what is missing or of another type becomes the default. */
export type Setting<T> = (stored: JsonValue | undefined) => T;

/** The settings of a kind of stage, by their names in the API. */
export type SettingsSchema<S> = { readonly [K in keyof S]: Setting<S[K]> };

/** The settings that a schema reads. */
export type SettingsOf<Schema> = Schema extends SettingsSchema<infer S> ? S : never;

/** True or false. */
export function flagSetting(byDefault: boolean): Setting<boolean> {
  return (stored) => (typeof stored === 'boolean' ? stored : byDefault);
}

/** A text. */
export function textSetting(byDefault: string): Setting<string> {
  return (stored) => (typeof stored === 'string' ? stored : byDefault);
}

/** A whole number. */
export function integerSetting(byDefault: number): Setting<number> {
  return (stored) => (typeof stored === 'number' && Number.isInteger(stored) ? stored : byDefault);
}

/** The key of another object, or none. */
export function keySetting(): Setting<string | undefined> {
  return (stored) => (typeof stored === 'string' && stored !== '' ? stored : undefined);
}

/** One of several words. */
export function choiceSetting<const T extends string>(choices: readonly T[], byDefault: NoInfer<T>): Setting<T> {
  return (stored) => choices.find((choice) => choice === stored) ?? byDefault;
}

/** Several words, or keys of other objects. */
export function listSetting(): Setting<string[]> {
  return (stored) => (Array.isArray(stored) ? stored.filter((item) => typeof item === 'string') : []);
}

/** Reads all settings of a schema. */
export function readSettings<S extends object>(schema: SettingsSchema<S>, stored: JsonObject): S {
  const settings: Partial<S> = {};
  for (const name of Object.keys(schema) as (keyof S)[]) settings[name] = schema[name](stored[String(name)]);
  if (!hasAll(schema, settings)) throw new TypeError('a schema lost a setting');
  return settings;
}

function hasAll<S extends object>(schema: SettingsSchema<S>, settings: Partial<S>): settings is S {
  return Object.keys(schema).every((name) => Object.hasOwn(settings, name));
}
