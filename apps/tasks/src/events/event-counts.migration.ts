import { countedTable, enableTenancy } from '@postern/database';

const MONTH_OF = `create function event_month_of(at timestamptz) returns date
  language sql immutable parallel safe as $$ select (date_trunc('month', at, 'UTC') at time zone 'UTC')::date $$`;

const TENANT = `tenant_id uuid not null default current_setting('postern.tenant')::uuid`;

// Sixteen slots, as in `row_counter`: events that are stored at once rarely wait for one another.
const SLOT = 'pg_backend_pid() & 15';

const counted = (rows: string, sign: '' | '-') => `
    insert into event_count (tenant_id, action, hour, brand_name, slot, total)
      select tenant_id, action, date_trunc('hour', created, 'UTC'), coalesce(brand_name, ''), ${SLOT}, ${sign}count(*) from ${rows}
      group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (tenant_id, action, hour, brand_name, slot) do update set total = event_count.total + excluded.total;`;

const byApplication = (rows: string, sign: '' | '-', others: string) => `
      insert into event_application (tenant_id, action, application, slot, events, users)
        select tenant_id, action, application, ${SLOT}, ${sign}count(*),
          ${sign}(select count(*) from (${others} (other.tenant_id, other.action, other.application)
            = (${rows}.tenant_id, ${rows}.action, ${rows}.application)) as found)
        from ${rows} where application is not null group by 1, 2, 3 order by 1, 2, 3
        on conflict (tenant_id, action, application, slot)
        do update set events = event_application.events + excluded.events, users = event_application.users + excluded.users;`;

const ADDED = `${counted('come', '')}
    if exists (select from come where application is not null) then
      with used as (
        select distinct tenant_id, action, application, user_pk, event_month_of(created) as seen from come
        where application is not null and user_pk is not null
      ), fresh as (
        insert into event_application_user (tenant_id, action, application, user_pk, seen)
          select tenant_id, action, application, user_pk, max(seen) from used
          where not exists (select from event_application_user known
            where (known.tenant_id, known.action, known.application, known.user_pk) = (used.tenant_id, used.action, used.application, used.user_pk)
              and known.seen >= used.seen)
          group by 1, 2, 3, 4 order by 1, 2, 3, 4
          on conflict (tenant_id, action, application, user_pk) do update
            set seen = greatest(event_application_user.seen, excluded.seen)
          returning tenant_id, action, application, xmax = 0 as is_new
      )${byApplication('come', '', 'select from fresh other where other.is_new and')}
    end if;
    insert into event_month (month, kept_until)
      select month, kept_until from (
        select event_month_of(created) as month, date_trunc('day', max(expires), 'UTC') + interval '1 day' as kept_until from come group by 1
      ) m
      where not exists (select from event_month known where known.month = m.month and known.kept_until >= m.kept_until)
      order by 1
      on conflict (month) do update set kept_until = greatest(event_month.kept_until, excluded.kept_until);`;

const REMOVED = `${counted('gone', '-')}
    if exists (select from gone where application is not null) then
      with left_over as (
        delete from event_application_user pair
          using (select distinct tenant_id, action, application, user_pk from gone where application is not null) lost
          where (pair.tenant_id, pair.action, pair.application, pair.user_pk) = (lost.tenant_id, lost.action, lost.application, lost.user_pk)
            and not exists (select from event e where e.tenant_id = lost.tenant_id and e.user_pk = lost.user_pk and e.action = lost.action
              and e.application = lost.application)
          returning pair.tenant_id, pair.action, pair.application
      )${byApplication('gone', '-', 'select from left_over other where')}
    end if;`;

const COUNT_EVENTS = `create function count_events() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then ${REMOVED}
  end if;
  if tg_op <> 'DELETE' then ${ADDED}
  end if;
  return null;
end $$`;

const trigger = (event: string, rows: string) =>
  `create trigger count_events_${event} after ${event} on event referencing ${rows}
    for each statement execute function count_events()`;

/**
 * Counts that are kept as events come and go, because ten million rows cannot be counted while somebody waits: by hour for series, by application
 * and who used it for rankings, in all for the list; and until when some event of a month is to be kept.
 */
export const EVENT_COUNTS: readonly string[] = [
  MONTH_OF,
  `create table event_count (${TENANT}, action text not null, hour timestamptz not null, brand_name text not null,
    slot smallint not null, total bigint not null, primary key (tenant_id, action, hour, brand_name, slot))`,
  ...enableTenancy('event_count'),
  `create table event_application (${TENANT}, action text not null, application text not null, slot smallint not null,
    events bigint not null, users bigint not null, primary key (tenant_id, action, application, slot))`,
  ...enableTenancy('event_application'),
  `create table event_application_user (${TENANT}, action text not null, application text not null, user_pk text not null,
    seen date not null, primary key (tenant_id, action, application, user_pk))`,
  ...enableTenancy('event_application_user'),
  'create table event_month (month date primary key, kept_until timestamptz not null)',
  ...countedTable('event'),
  COUNT_EVENTS,
  trigger('insert', 'new table as come'),
  trigger('update', 'old table as gone new table as come'),
  trigger('delete', 'old table as gone'),
];
