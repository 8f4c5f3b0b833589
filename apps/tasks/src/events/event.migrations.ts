import { enableTenancy, type Migration } from '@postern/database';
import { EVENT_COLUMNS } from './event-columns.migration.ts';
import { EVENT_COUNTS } from './event-counts.migration.ts';
import { EVENT_MONTHS } from './event-months.migration.ts';
import { EVENT_WORDS } from './event-words.migration.ts';

/**
 * Makes the partition of a month when there is none, with row-level security of its own. It runs with the rights of the owner, because the serving
 * role creates no tables; it takes nothing from its caller but a date.
 */
const ENSURE_PARTITION = `create function ensure_event_partition(month date) returns void
  language plpgsql security definer set search_path = tasks, pg_temp as $$
declare
  start date := date_trunc('month', month);
  name text := 'event_' || to_char(start, 'YYYY_MM');
begin
  if to_regclass('tasks.' || name) is not null then return; end if;
  execute format('create table tasks.%I partition of tasks.event for values from (%L) to (%L)', name, start, start + interval '1 month');
  execute format('alter table tasks.%I enable row level security', name);
  execute format('alter table tasks.%I force row level security', name);
end $$`;

/** Events, one partition a month, so that forgetting a month is dropping a table. A default partition catches what no month is ready for. */
export const EVENT_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0001-events',
    up: [
      `create table event (
        pk uuid not null,
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        created timestamptz not null default now(),
        expires timestamptz not null,
        "user" jsonb not null default '{}',
        action text not null,
        app text not null,
        context jsonb not null default '{}',
        client_ip text,
        brand jsonb not null default '{}',
        primary key (pk, created)
      ) partition by range (created)`,
      ...enableTenancy('event'),
      'create table event_unplanned partition of event default',
      'alter table event_unplanned enable row level security',
      'alter table event_unplanned force row level security',
      'create index event__created on event (tenant_id, created desc, pk)',
      'create index event__action on event (tenant_id, action, created desc)',
      'create index event__client_ip on event (tenant_id, client_ip, created desc)',
      `create index event__username on event (tenant_id, ("user" ->> 'username'), created desc)`,
      `create index event__model on event (tenant_id, (context -> 'model' ->> 'pk'), created desc)`,
      `create index event__application on event (tenant_id, (context -> 'authorized_application' ->> 'pk'), created desc)`,
      'create index event__expires on event (expires)',
      ENSURE_PARTITION,
    ],
  },
  { name: 'tasks/0010-event-columns', up: EVENT_COLUMNS },
  { name: 'tasks/0011-event-counts', up: EVENT_COUNTS },
  { name: 'tasks/0012-event-words', up: EVENT_WORDS },
  { name: 'tasks/0013-event-months', up: EVENT_MONTHS },
];
