import { maskArgs } from './job.mask.ts';
import { QUEUE, QUEUE_SCHEMA } from './job.migrations.ts';
import type { FailedJob, ScheduledKind, WaitingJob } from './job.queries.ts';
import { LEASE_END } from './job.statements.ts';

const JOB = `${QUEUE_SCHEMA}.job_common`;

/** The id as the views write it. */
export const HEX = "replace(j.id::text, '-', '')";
export const JOB_NAME = "(j.data ->> 'name')";

/** Where rows of a view come from. */
export type Source = {
  readonly table: string;
  readonly where: string;
  readonly join?: string;
  readonly columns: string;
};

const epoch = (expression: string) => `(extract(epoch from ${expression}) * 1000)::float8`;

const JOB_COLUMNS = `j.number::float8 as number, ${HEX} as id, j.data, j.state::text as state, j.retry_count, j.output, j.started_on is not null as is_begun,
  ${epoch('j.created_on')} as created, ${epoch('j.start_after')} as due, ${epoch('j.started_on')} as started,
  ${epoch(LEASE_END)} as leased_until, ${epoch('j.completed_on')} as stopped`;

export const WAITING: Source = {
  table: JOB,
  where: `j.name = '${QUEUE}' and j.state <= 'active'`,
  join: 'left join tasks.job_progress p on p.job = j.id',
  columns: `${JOB_COLUMNS}, p.done, p.total, p.message`,
};

export const FAILED: Source = { table: JOB, where: `j.name = '${QUEUE}' and j.state = 'failed'`, columns: JOB_COLUMNS };

export const SCHEDULED: Source = {
  table: 'tasks.job_kind',
  where: 'not j.is_retired and (j.declared_cron is not null or j.declared_every_ms is not null)',
  columns: `j.number::float8 as number, j.name, j.description, j.is_paused, j.declared_cron, j.cron, j.last_success,
    replace(j.last_job::text, '-', '') as last_job, j.declared_every_ms::float8 as declared_every_ms, j.every_ms::float8 as every_ms,
    ${epoch('j.next_run')} as next_run, ${epoch('j.last_run')} as last_run`,
};

export type JobRow = {
  number: number;
  id: string;
  data: { name: string; args: unknown; attempts: number };
  state: string;
  retry_count: number;
  is_begun: boolean;
  output: { error?: string } | null;
  created: number;
  due: number;
  started: number | null;
  leased_until: number | null;
  stopped: number | null;
};

export type WaitingRow = JobRow & { done: number | null; total: number | null; message: string | null };

export function waitingOf(row: WaitingRow): WaitingJob {
  const isRunning = row.state === 'active';
  const { done, total, message } = row;
  return {
    number: row.number,
    id: row.id,
    name: row.data.name,
    args: maskArgs(row.data.args),
    state: isRunning ? 'running' : 'waiting',
    attempt: row.is_begun ? row.retry_count + 1 : row.retry_count,
    attempts: row.data.attempts,
    created: new Date(row.created),
    due: new Date(row.due),
    started: isRunning ? timeOf(row.started) : null,
    leasedUntil: isRunning ? timeOf(row.leased_until) : null,
    progress: done === null ? null : { done, total: total ?? 0, message: message ?? '' },
  };
}

export function failedOf(row: JobRow): FailedJob {
  return {
    number: row.number,
    id: row.id,
    name: row.data.name,
    args: maskArgs(row.data.args),
    started: new Date(row.started ?? row.created),
    stopped: new Date(row.stopped ?? row.created),
    attempt: row.retry_count + 1,
    error: row.output?.error ?? '',
  };
}

export type KindRow = {
  number: number;
  name: string;
  description: string;
  is_paused: boolean;
  declared_cron: string | null;
  declared_every_ms: number | null;
  cron: string | null;
  every_ms: number | null;
  next_run: number | null;
  last_run: number | null;
  last_success: boolean | null;
  last_job: string | null;
};

export function scheduledOf(row: KindRow): ScheduledKind {
  const isChanged = row.cron !== null || row.every_ms !== null;
  return {
    number: row.number,
    name: row.name,
    description: row.description,
    cron: isChanged ? row.cron : row.declared_cron,
    everyMs: isChanged ? row.every_ms : row.declared_every_ms,
    isPaused: row.is_paused,
    nextRun: timeOf(row.next_run),
    lastRun: timeOf(row.last_run),
    lastSuccess: row.last_success,
    lastJob: row.last_job,
  };
}

function timeOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
