import { enableTenancy, type Migration, reference, TENANT_COLUMNS } from '@postern/database';

/** What tokens that are access keys have besides. */
export const ACCESS_KEY_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0248-access-keys',
    up: [
      `create table access_key (
        ${TENANT_COLUMNS},
        number integer generated always as identity,
        token_pk uuid not null,
        user_pk integer not null,
        name varchar(100) not null default '',
        shown text not null,
        expiry date not null,
        last_seen date,
        revoked boolean not null default false,
        metadata jsonb not null default '{}',
        constraint access_key__number unique (tenant_id, number),
        constraint access_key__token unique (tenant_id, token_pk)
      )`,
      ...enableTenancy('access_key'),
      reference('access_key', 'token_pk', 'token', 'cascade'),
      reference('access_key', 'user_pk', 'account', 'cascade'),
      'create index access_key__user on access_key (tenant_id, user_pk, number)',
    ],
  },
];
