import { enableTenancy, type Migration, reference, TENANT_COLUMNS } from '@postern/database';

/** Reports of off-boardings. They outlive the user, whose key is no reference therefore. */
export const OFF_BOARDING_MIGRATIONS: readonly Migration[] = [
  {
    name: 'directory/0091-off-boarding',
    up: [
      `create table off_boarding (
        ${TENANT_COLUMNS},
        user_pk integer not null,
        username text not null,
        begun_by text not null,
        begun timestamptz not null,
        finished timestamptz,
        status text not null default 'running' constraint off_boarding__status check (status in ('running', 'done', 'failed'))
      )`,
      ...enableTenancy('off_boarding'),
      'create index off_boarding__user on off_boarding (tenant_id, user_pk, begun)',
      `create unique index off_boarding__running on off_boarding (tenant_id, user_pk) where status = 'running'`,
      `create table off_boarding_part (
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        off_boarding_pk uuid not null,
        service text not null,
        status text not null default 'waiting' constraint off_boarding_part__status check (status in ('waiting', 'done', 'failed')),
        error text not null default '',
        ended jsonb not null default '{}',
        primary key (off_boarding_pk, service)
      )`,
      ...enableTenancy('off_boarding_part'),
      reference('off_boarding_part', 'off_boarding_pk', 'off_boarding', 'cascade'),
    ],
  },
];
