import { enableTenancy, type Migration, reference, sweptTable, TENANT_COLUMNS } from '@postern/database';

/** Plans that wait behind a link. They are looked up by the hash of their key, and go with their flow and with the account that they are about. */
export const FLOW_TOKEN_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0145-flow-tokens',
    up: [
      `create table flow_token (
        ${TENANT_COLUMNS},
        identifier text not null,
        family uuid not null,
        key_hash text not null,
        user_pk integer not null,
        flow uuid not null,
        step uuid,
        plan jsonb not null,
        expires timestamptz not null,
        constraint flow_token__identifier unique (tenant_id, identifier),
        constraint flow_token__key unique (tenant_id, key_hash)
      )`,
      ...enableTenancy('flow_token'),
      ...sweptTable('flow_token'),
      reference('flow_token', 'flow', 'flow', 'cascade'),
      reference('flow_token', 'user_pk', 'account', 'cascade'),
      'create index flow_token__flow on flow_token (tenant_id, flow)',
      'create index flow_token__family on flow_token (tenant_id, family)',
      'create index flow_token__user on flow_token (tenant_id, user_pk)',
    ],
  },
];
