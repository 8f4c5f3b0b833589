import type { SecretBox } from '@postern/database';
import { isJsonObject, type JsonObject } from '../plans/index.ts';
import type { StageModel } from './stage.model.ts';

/** Label under which the secrets of a stage are sealed. */
export const STAGE_SECRETS = 'stage.secrets';

/** Settings as a row keeps them. */
export type StoredSettings = {
  readonly settings: JsonObject;
  /** The secret ones as JSON text; null for none. Sealed in the table, open in the entity. */
  readonly secrets?: string | null;
};

/** Names of the settings of a kind that are secrets; with a word, of those that are readable or write-only alone. */
export function secretsOf(model: Pick<StageModel, 'secrets'>, only?: 'readable' | 'write_only'): string[] {
  const entries = Object.entries(model.secrets ?? {});
  return entries.filter(([, kind]) => only === undefined || kind === only).map(([name]) => name);
}

/** Takes the secrets out of settings. An empty one is none. */
export function apart(model: Pick<StageModel, 'secrets'>, all: JsonObject): StoredSettings {
  const names = secretsOf(model);
  const isSecret = ([name]: readonly [string, unknown]) => names.includes(name);
  const entries = Object.entries(all);
  const secrets = entries.filter((entry) => isSecret(entry) && entry[1] !== '' && entry[1] !== null);
  return {
    settings: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: secrets.length === 0 ? null : JSON.stringify(Object.fromEntries(secrets)),
  };
}

/** All settings of an entity. */
export function together({ settings, secrets }: StoredSettings): JsonObject {
  if (!secrets) return settings;
  const read: unknown = JSON.parse(secrets);
  return isJsonObject(read) ? { ...settings, ...read } : settings;
}

/** All settings of a row that the mapper did not read. Throws when no key opens its secrets. */
export function openSettings(box: Pick<SecretBox, 'open'>, { settings, secrets }: StoredSettings): JsonObject {
  return together({ settings, secrets: secrets ? box.open(secrets, STAGE_SECRETS) : null });
}
