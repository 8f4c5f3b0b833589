import type { Migration } from '@postern/database';
import { PG_BOSS_43 } from './pg-boss.migrations.ts';

/** The schema of the queue. */
export const QUEUE_SCHEMA = 'tasks_jobs';
/** The one queue: what is to be done stands in the job. */
export const QUEUE = 'jobs';

/** `exclusive`: of jobs that wait or run, one at a time has a singleton key. `notify`: storing a job wakes the workers. */
const QUEUE_OPTIONS = JSON.stringify({ policy: 'exclusive', notify: true });

/** What the queue does not have: a number in the order of storing, and what is looked for. */
const QUEUE_ADDITIONS = [
  `create sequence ${QUEUE_SCHEMA}.job_number`,
  `alter table ${QUEUE_SCHEMA}.job add column number bigint not null default nextval('${QUEUE_SCHEMA}.job_number')`,
  `create index job_due on ${QUEUE_SCHEMA}.job_common (start_after) where state < 'active'`,
  `create index job_active on ${QUEUE_SCHEMA}.job_common (started_on) where state = 'active'`,
  `create index job_waiting on ${QUEUE_SCHEMA}.job_common (number) where state <= 'active'`,
  // Rows change three times in as many milliseconds: dead ones are cleared away early.
  `alter table ${QUEUE_SCHEMA}.job_common set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000)`,
  `create index job_finished on ${QUEUE_SCHEMA}.job_common (state, completed_on) where state > 'active'`,
];

const KINDS = `create table job_kind (
  name text primary key,
  number bigint generated always as identity,
  app text not null,
  description text not null,
  task text not null,
  visible text not null,
  attempts integer not null,
  backoff_first_ms integer not null,
  backoff_max_ms integer not null,
  deadline_ms integer not null,
  declared_cron text,
  declared_every_ms bigint,
  cron text,
  every_ms bigint,
  is_paused boolean not null default false,
  next_run timestamptz,
  last_run timestamptz,
  last_success boolean,
  last_job uuid,
  is_retired boolean not null default false
)`;

const PROGRESS = `create table job_progress (
  job uuid primary key,
  done integer not null,
  total integer not null,
  message text not null,
  reported_at timestamptz not null default clock_timestamp()
)`;

const SYSTEM_TASKS = `create table system_task (
  job text not null,
  tenant text not null,
  uid text not null,
  task text not null,
  args jsonb not null,
  status text not null,
  messages jsonb not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  primary key (job, tenant, uid)
)`;

const WORKERS = `create table worker (
  id uuid primary key,
  host text not null,
  pid integer not null,
  concurrency integer not null,
  started_at timestamptz not null default clock_timestamp(),
  beat_at timestamptz not null default clock_timestamp()
)`;

/**
 * Jobs. Their rows name a tenant and belong to none, as those of the outbox do: workers run the jobs of all, so there is no row-level security, and
 * every query that answers somebody names the tenant.
 */
export const JOB_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0100-jobs',
    up: [
      PG_BOSS_43,
      ...QUEUE_ADDITIONS,
      `select ${QUEUE_SCHEMA}.create_queue('${QUEUE}', '${QUEUE_OPTIONS}'::jsonb)`,
      KINDS,
      'create index job_kind__next_run on job_kind (next_run) where not is_paused and not is_retired',
      PROGRESS,
      SYSTEM_TASKS,
      'create index system_task__finished_at on system_task (finished_at)',
      WORKERS,
    ],
  },
];
