import { enableTenancy, type Migration, reference, trigramIndex } from '@postern/database';

/** The table of accounts; consents hang off it, too. */
export const ACCOUNT_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0020-accounts',
    up: [
      `create table account (
        pk integer not null,
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        uuid uuid not null,
        username text not null,
        name text not null default '',
        email text not null default '',
        type text not null,
        is_active boolean not null,
        primary key (tenant_id, pk)
      )`,
      ...enableTenancy('account'),
      'create index account__username on account (tenant_id, username, pk)',
      'create index account__uuid on account (tenant_id, uuid)',
      trigramIndex('account', ['username']),
      reference('user_consent', 'user_pk', 'account', 'cascade'),
    ],
  },
  {
    // When somebody signed in last is bound into links that let them choose a password.
    name: 'auth/0245-last-login',
    up: ['alter table account add column if not exists last_login timestamptz'],
  },
];
