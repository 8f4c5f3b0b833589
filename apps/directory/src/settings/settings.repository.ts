import type { EntityManager } from '@postern/database';

/** A row of settings, in the words of the contract. */
export type SettingsRow = {
  readonly avatars: string;
  readonly default_user_change_name: boolean;
  readonly default_user_change_email: boolean;
  readonly default_user_change_username: boolean;
  readonly gdpr_compliance: boolean;
  readonly impersonation: boolean;
  /** Any JSON. */
  readonly footer_links: unknown;
};

const DEFAULTS: SettingsRow = {
  avatars: 'initials',
  default_user_change_name: true,
  default_user_change_email: false,
  default_user_change_username: false,
  gdpr_compliance: true,
  impersonation: true,
  footer_links: [],
};

const COLUMNS = Object.keys(DEFAULTS).join(', ');

/** What the tenant has set, or the defaults. */
export async function readSettings(em: EntityManager): Promise<SettingsRow> {
  const [row] = await em.execute<SettingsRow[]>(`select ${COLUMNS} from settings`);
  return row ?? DEFAULTS;
}

/** The same, and nobody else changes it before this transaction ends. */
export async function lockSettings(em: EntityManager): Promise<SettingsRow> {
  await em.execute('insert into settings default values on conflict do nothing');
  const [row] = await em.execute<SettingsRow[]>(`select ${COLUMNS} from settings for update`);
  return row ?? DEFAULTS;
}

/** Stores what `lockSettings` has locked. */
export async function storeSettings(em: EntityManager, row: SettingsRow): Promise<void> {
  await em.execute(
    `update settings set avatars = ?, default_user_change_name = ?, default_user_change_email = ?,
       default_user_change_username = ?, gdpr_compliance = ?, impersonation = ?, footer_links = ?::jsonb`,
    [
      row.avatars,
      row.default_user_change_name,
      row.default_user_change_email,
      row.default_user_change_username,
      row.gdpr_compliance,
      row.impersonation,
      JSON.stringify(row.footer_links),
    ],
  );
}

/** What operators call a tenant. */
export async function tenantName(em: EntityManager, tenant: string): Promise<string> {
  const [row] = await em.execute<{ name: string }[]>('select name from tenant where pk = ?', [tenant]);
  return row?.name ?? '';
}
