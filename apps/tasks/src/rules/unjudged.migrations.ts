import { enableTenancy, type Migration, sweptTable } from '@postern/database';

/** Name of the lock that whoever stores events shares, and whoever looks for the last of them has alone. */
export const LOCK = `hashtextextended('tasks.unjudged_event.' || current_setting('postern.tenant'), 0)`;

/** What waits now. What could not be judged waits until it is due. */
export const DUE = '(due is null or due <= clock_timestamp())';

/**
 * Keeps an event to be judged, in one round trip. Answers whether none waited before; null where no rule can tell anybody anything. Each statement of the
 * function sees what was committed when it began: the last one what was committed while the lock was waited for.
 */
const KEEP = `create function keep_unjudged(event uuid) returns boolean language plpgsql volatile as $$
    begin
      if not exists (select from notification_rule where group_pk is not null and transports <> '{}') then
        return null;
      end if;
      perform pg_advisory_xact_lock_shared(${LOCK});
      insert into unjudged_event (event_pk) values (event);
      return not exists (select from unjudged_event where ${DUE} and event_pk <> event);
    end $$`;

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
      KEEP,
    ],
  },
];
