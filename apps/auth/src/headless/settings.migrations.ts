import type { Migration } from '@postern/database';

/** What settings refer to has columns of its own. */
export const HEADLESS_SETTINGS_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0264-headless-signup-group',
    up: ['alter table headless_settings add column signup_group uuid'],
  },
];
