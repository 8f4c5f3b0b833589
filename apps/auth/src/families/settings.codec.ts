import { custom, type Filter } from '@postern/database';
import { isJsonObject, type JsonObject, readSettings, type SettingsSchema } from '../plans/index.ts';

/** Filters by settings, of those names. */
export function settingFilters(names: readonly string[]): Readonly<Record<string, Filter>> {
  return Object.fromEntries(names.map((name) => [name, bySetting(name)]));
}

/** A list has to hold what is asked for, in any order. */
function bySetting(name: string): Filter {
  return custom((value) => ({ settings: { $contains: { [name]: value } } }));
}

/**
 * The settings that a message holds, as they are stored; with a mask only those it names, over those that were there. Without one an empty text of a
 * `kept` setting stands for one that was left out.
 */
export function settingsFrom<S extends object>(
  schema: SettingsSchema<S>,
  message: object,
  given: {
    readonly before: JsonObject;
    readonly mask: readonly string[] | undefined;
    readonly kept: readonly string[];
  },
): S {
  const { before, mask, kept } = given;
  const isGiven = ([name, value]: readonly [string, unknown]) =>
    mask?.includes(name) ?? !(value === '' && kept.includes(name));
  const entries = Object.entries(message).filter(isGiven);
  return readSettings(schema, {
    ...before,
    ...Object.fromEntries(entries.map(([name, value]) => [name, value ?? null])),
  });
}

/** Settings as plain JSON. */
export function storable(settings: object): JsonObject {
  const plain: unknown = JSON.parse(JSON.stringify(settings));
  return isJsonObject(plain) ? plain : {};
}

/** Settings without what somebody may not see. */
export function withoutHidden<S extends object>(settings: S, hidden: readonly string[]): S {
  return Object.assign({}, settings, Object.fromEntries(hidden.map((name) => [name, ''])));
}
