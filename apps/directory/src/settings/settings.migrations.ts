import { enableTenancy, type Migration } from '@postern/database';

// A tenant that never changed them has no row.
const SETTINGS = `create table settings (
  tenant_id uuid primary key default current_setting('postern.tenant')::uuid,
  avatars text not null default 'initials',
  default_user_change_name boolean not null default true,
  default_user_change_email boolean not null default false,
  default_user_change_username boolean not null default false,
  footer_links jsonb not null default '[]',
  gdpr_compliance boolean not null default true,
  impersonation boolean not null default true
)`;

/** Tables of settings. */
export const SETTINGS_MIGRATIONS: readonly Migration[] = [
  { name: 'directory/0012-settings', up: [SETTINGS, ...enableTenancy('settings')] },
];
