import { enableTenancy, type Migration, sweptTable } from '@postern/database';

/** Events that no rule was asked about yet. Rows come and go by the thousand: dead ones are cleared away early. */
export const UNJUDGED_TABLES: readonly Migration[] = [
  {
    name: 'tasks/0140-unjudged-events',
    up: [
      `create table unjudged_event (
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        number bigint generated always as identity,
        event_pk uuid not null,
        since timestamptz not null default clock_timestamp(),
        due timestamptz,
        failures integer not null default 0,
        constraint unjudged_event__number primary key (tenant_id, number)
      ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000)`,
      ...enableTenancy('unjudged_event'),
      ...sweptTable('unjudged_event', { column: 'since' }),
    ],
  },
];
