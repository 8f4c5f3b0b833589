import { enableTenancy, type Migration, reference, sweptTable, TENANT_COLUMNS } from '@postern/database';

/** Invitations. They go with whoever made them, and forget a flow that goes. */
export const INVITATION_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0147-invitations',
    up: [
      `create table invitation (
        ${TENANT_COLUMNS},
        name varchar(50) not null,
        expires timestamptz not null,
        fixed_data jsonb not null default '{}',
        single_use boolean not null default false,
        flow_pk uuid,
        created_by_pk integer
      )`,
      ...enableTenancy('invitation'),
      ...sweptTable('invitation'),
      reference('invitation', 'flow_pk', 'flow', 'set null'),
      reference('invitation', 'created_by_pk', 'account', 'cascade'),
      'create index invitation__expires on invitation (tenant_id, expires desc)',
      'create index invitation__name on invitation (tenant_id, name)',
      'create index invitation__flow on invitation (tenant_id, flow_pk)',
      'create index invitation__created_by on invitation (tenant_id, created_by_pk)',
    ],
  },
];
