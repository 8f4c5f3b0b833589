import { QUEUE, QUEUE_SCHEMA } from './job.migrations.ts';

const JOB = `${QUEUE_SCHEMA}.job_common`;
const STATE = `${QUEUE_SCHEMA}.job_state`;

/** The end of a lease. */
export const LEASE_END = "(started_on + expire_seconds * interval '1 second')";

/**
 * Lets go of held jobs. The number of retries is the fence: a job that was taken back and handed out again has another one, and a worker that
 * comes late changes nothing. An attempt that does not count forgets that it began, so that the next one has the same number.
 */
export const SETTLE = `update ${JOB} j set
    state = i.state::${STATE},
    completed_on = case when i.state <> 'retry' then now() end,
    start_after = case when i.state = 'retry' then now() + i.pause_ms * interval '1 millisecond' else j.start_after end,
    started_on = case when i.is_counted then j.started_on end,
    data = case when i.is_counted then j.data
      else jsonb_set(j.data, '{unreached}', to_jsonb(coalesce((j.data ->> 'unreached')::int, 0) + 1)) end,
    output = i.output
  from json_to_recordset($1::json) as i (id uuid, retry_count int, state text, pause_ms int, is_counted boolean, output jsonb)
  where j.name = '${QUEUE}' and j.id = i.id and j.state = 'active' and j.retry_count = i.retry_count
  returning j.id`;

/** Takes back jobs whose leases ended. At once: whoever had them has had their time. */
export const EXPIRE = `update ${JOB} set
    state = (case when retry_count < retry_limit then 'retry' else 'failed' end)::${STATE},
    completed_on = case when retry_count < retry_limit then null else now() end,
    start_after = now(),
    output = '{"error": "the job did not end before its lease did: its worker is gone, or it did not stop when it was told to"}'
  where name = '${QUEUE}' and state = 'active' and ${LEASE_END} <= now()
  returning id, data, retry_count, state::text, started_on`;

const milliseconds = (expression: string) => `(extract(epoch from ${expression} - clock_timestamp()) * 1000)::float8`;

/** When the next job, lease and schedule are due. */
export const DUE = `select
  ${milliseconds(`(select min(start_after) from ${JOB} where state < 'active')`)} as jobs,
  ${milliseconds(`(select min(${LEASE_END}) from ${JOB} where state = 'active')`)} as leases,
  ${milliseconds('(select min(next_run) from tasks.job_kind where not is_paused and not is_retired)')} as schedules`;

/** Keeps progress, as long as the attempt lasts. */
export const PROGRESS = `insert into tasks.job_progress (job, done, total, message)
  select id, $3, $4, $5 from ${JOB} where name = '${QUEUE}' and id = $1 and state = 'active' and retry_count = $2
  on conflict (job) do update set done = excluded.done, total = excluded.total, message = excluded.message, reported_at = clock_timestamp()
  returning 1`;

const AT_ONCE = 5_000;

/** Forgets finished jobs. */
export const TRIM = `delete from ${JOB} where name = '${QUEUE}' and id = any (array(
    (select id from ${JOB} where state = 'completed' and completed_on < now() - $1 * interval '1 millisecond' limit ${AT_ONCE})
    union all
    (select id from ${JOB} where state in ('failed', 'cancelled') and completed_on < now() - $2 * interval '1 millisecond' limit ${AT_ONCE})))
  returning 1`;

/** Progress of jobs that are gone. */
export const TRIM_PROGRESS = `delete from tasks.job_progress p
  where reported_at < now() - interval '1 day' and not exists (select from ${JOB} j where j.name = '${QUEUE}' and j.id = p.job)`;
