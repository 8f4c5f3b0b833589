import { ONE_TENANT } from './event-columns.migration.ts';

// Partitions end at midnight in UTC, whatever time zone a session or the server has.
const ENSURE = `create or replace function ensure_event_partition(month date) returns void
  language plpgsql security definer set search_path = tasks, pg_temp set timezone = 'UTC' as $$
declare
  start date := date_trunc('month', month);
  name text := 'event_' || to_char(start, 'YYYY_MM');
begin
  if to_regclass('tasks.' || name) is not null then return; end if;
  execute format('create table tasks.%I partition of tasks.event for values from (%L) to (%L)', name, start, start + interval '1 month');
  execute format('alter table tasks.%I enable row level security', name);
  execute format('alter table tasks.%I force row level security', name);
  execute format('alter table tasks.%I ${ONE_TENANT}', name);
end $$`;

/**
 * Drops the partitions of months whose last event is over, with what was counted of them. It runs with the rights of the owner, because the
 * serving role drops no tables; it takes nothing from its caller but a time. Returns how many events went.
 */
const DROP = `create function drop_expired_event_partitions(at timestamptz) returns bigint
  language plpgsql security definer set search_path = tasks, pg_temp set timezone = 'UTC' as $$
declare
  old date;
  part text;
  stop timestamptz;
  oldest date;
  whose uuid;
  gone bigint;
  total bigint := 0;
begin
  for old in select m.month from event_month m where m.kept_until <= at and m.month < date_trunc('month', at)::date order by 1 loop
    part := 'event_' || to_char(old, 'YYYY_MM');
    stop := old + interval '1 month';
    -- Words and users are remembered as long as a month is kept in which they may have been seen.
    select coalesce(min(m.month), stop::date) into oldest from event_month m where m.month <> old;
    if to_regclass('tasks.' || part) is not null then
      -- A superuser who owns the schema is bound by no policy: each statement names its tenant.
      for whose in select k.tenant from known_tenant k loop
        perform set_config('postern.tenant', whose::text, true);
        with hours as (
          delete from event_count c where c.tenant_id = whose and c.hour >= old and c.hour < stop returning c.total
        ) select coalesce(sum(hours.total), 0) into gone from hours;
        continue when gone = 0;
        insert into row_counter (tenant_id, relation, slot, total) values (whose, 'event', 0, -gone)
          on conflict (tenant_id, relation, slot) do update set total = row_counter.total + excluded.total;
        execute format('insert into event_application (tenant_id, action, application, slot, events, users)
          select tenant_id, action, application, 0, -count(*), 0 from event
          where tenant_id = %L and application is not null and created >= %L and created < %L group by 1, 2, 3
          on conflict (tenant_id, action, application, slot) do update set events = event_application.events + excluded.events',
          whose, old, stop);
        delete from event_word w where w.tenant_id = whose and w.seen < oldest;
        with pairs as (
          delete from event_application_user u where u.tenant_id = whose and u.seen < oldest returning u.action, u.application
        )
          insert into event_application (tenant_id, action, application, slot, events, users)
            select whose, action, application, 0, 0, -count(*) from pairs group by 2, 3
            on conflict (tenant_id, action, application, slot) do update set users = event_application.users + excluded.users;
        delete from event_application a where a.tenant_id = whose and (a.action, a.application) in
          (select b.action, b.application from event_application b where b.tenant_id = whose group by 1, 2 having sum(b.events) <= 0);
        total := total + gone;
      end loop;
      execute format('drop table tasks.%I', part);
    end if;
    delete from event_month where month = old;
  end loop;
  return total;
end $$`;

/** Statements that make room for a month, and give up months that are over. */
export const EVENT_MONTHS: readonly string[] = [ENSURE, DROP];
