import {
  countedTable,
  enableTenancy,
  type Migration,
  reference,
  TENANT_COLUMNS,
  trigramIndex,
} from '@postern/database';

/** The table of tokens. */
export const TOKEN_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0022-tokens',
    up: [
      `create table token (
        ${TENANT_COLUMNS},
        identifier text not null,
        key_hash text not null,
        key text not null,
        intent text not null,
        user_pk integer not null,
        description text not null default '',
        expires timestamptz,
        expiring boolean not null default true,
        managed text,
        constraint token__identifier unique (tenant_id, identifier),
        constraint token__key unique (tenant_id, key_hash),
        constraint token__managed unique (tenant_id, managed)
      )`,
      ...enableTenancy('token'),
      ...countedTable('token'),
      reference('token', 'user_pk', 'account', 'cascade'),
      'create index token__user on token (tenant_id, user_pk, identifier)',
      'create index token__expires on token (tenant_id, expires)',
      'create index token__intent on token (tenant_id, intent, identifier)',
      trigramIndex('token', ['identifier', 'description', 'intent']),
    ],
  },
];
