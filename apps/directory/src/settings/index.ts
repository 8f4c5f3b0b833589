/**
 * Settings of a tenant: how avatars are made, what people may change about themselves, whether administrators may act as others, links
 * below the pages. A tenant that never changed them has no row.
 */

export { settingsErrors } from './settings.errors.ts';
export { SETTINGS_MIGRATIONS } from './settings.migrations.ts';
export { createSettings, type FooterLink, type Settings, type TenantSettings } from './settings.reader.ts';
export { bindSettings } from './settings.rpc.ts';
