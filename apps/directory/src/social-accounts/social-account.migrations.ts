import { enableTenancy, type Migration, reference, TENANT_COLUMNS } from '@postern/database';

/** The table of accounts elsewhere. */
export const SOCIAL_ACCOUNT_MIGRATIONS: readonly Migration[] = [
  {
    name: 'directory/0093-social-accounts',
    up: [
      `create table social_account (
        ${TENANT_COLUMNS},
        user_pk integer not null,
        source uuid not null,
        uid varchar(255) not null,
        display varchar(255) not null default '',
        details jsonb not null default '{}',
        last_used timestamptz,
        constraint social_account__uid unique (tenant_id, source, uid)
      )`,
      ...enableTenancy('social_account'),
      reference('social_account', 'user_pk', 'user_account', 'cascade'),
      'create index social_account__user on social_account (tenant_id, user_pk, created)',
    ],
  },
  {
    name: 'directory/0100-social-account-numbers',
    up: [
      `alter table social_account add column number integer generated always as identity,
        add constraint social_account__number unique (tenant_id, number)`,
    ],
  },
];
