import type { Migration } from '@postern/database';

/** What was told with a token, so that it can be looked at later: decision 206. */
export const recordMigrations: Migration[] = [
  {
    name: 'providers/0140-oauth2-told-claims',
    up: [
      'alter table oauth2_access_token add column claims text',
      'alter table oauth2_refresh_token add column claims text',
    ],
  },
];
