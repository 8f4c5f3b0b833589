import type { Migration } from '@postern/database';

/** What the end of sessions leaves on grants. It follows their table. */
export const logoutMigrations: Migration[] = [
  { name: 'providers/0132-oauth2-logout', up: ['alter table oauth2_grant add column told timestamptz'] },
];
