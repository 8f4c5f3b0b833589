import type { FileRegistry } from '@bufbuild/protobuf';
import { type Database, prepared } from '@postern/database';
import { auth, fieldShape } from '@postern/proto';

/** The settings of tenants. */
export type HeadlessSettingsStore = {
  /** What holds in a tenant: what it has set, and the defaults for the rest. */
  read(tenant: string): Promise<auth.HeadlessSettings>;
};

/** What a row holds. */
export type StoredSettings = {
  readonly settings: Partial<auth.HeadlessSettings>;
  /** Null for none. */
  readonly signup_group: string | null;
};

const READ = prepared('select settings, signup_group from headless_settings');

/**
 * Creates the store.
 *
 * @param defaults what a tenant that has set nothing lives under, as the contract declares it
 */
export function createHeadlessSettings(
  { statement }: Pick<Database, 'statement'>,
  defaults: auth.HeadlessSettings,
): HeadlessSettingsStore {
  return {
    async read(tenant) {
      const [row] = await statement<StoredSettings>({ tenant }, READ, []);
      return settingsOf(row, defaults);
    },
  };
}

/** What holds where a tenant has stored this, or nothing. */
export function settingsOf(row: StoredSettings | undefined, defaults: auth.HeadlessSettings): auth.HeadlessSettings {
  const found = { ...defaults, ...row?.settings };
  return row?.signup_group ? { ...found, signup_group: row.signup_group } : found;
}

/** What the contract declares for a tenant that has set nothing. */
export function declaredSettings(registry: FileRegistry): auth.HeadlessSettings {
  const message = registry.getMessage('postern.auth.v1.HeadlessSettings');
  const declared = (message?.fields ?? []).flatMap((field): [string, unknown][] => {
    const text = fieldShape(registry, field).default;
    return text === '' ? [] : [[field.name, JSON.parse(text)]];
  });
  return Object.assign(auth.HeadlessSettings.create(), Object.fromEntries(declared));
}
