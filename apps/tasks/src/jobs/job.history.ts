/** What is remembered of attempts beside the queue: the entries that administrators see, the last run of schedules, and the facts about dead letters. */

import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { type DeadLetter, jobFailed } from './job.events.ts';
import type { JobPool } from './job.pool.ts';
import type { ExpiredJob, HeldJob } from './job.queue.ts';
import { isFailure, type Settled } from './job.settler.ts';

export type JobHistory = {
  /** Remembers attempts that counted. */
  settled(settled: readonly Settled[]): Promise<void>;
  /** Remembers attempts that their workers did not end. */
  expired(expired: readonly ExpiredJob[]): Promise<void>;
};

export type JobHistoryDeps = { pool: JobPool; db: Pick<Database, 'system'>; outbox: Outbox };

type Run = {
  readonly job: HeldJob;
  readonly startedAt: Date;
  readonly isOver: boolean;
  readonly status: 'SUCCESSFUL' | 'WARNING' | 'ERROR';
  readonly messages: readonly string[];
  readonly task: string;
  readonly uid: string;
};

const LEFT_ALONE = 'the job did not end before its lease did';

/** Creates the memory of a worker. */
export function createJobHistory({ pool, db, outbox }: JobHistoryDeps): JobHistory {
  async function keep(runs: readonly Run[], dead: readonly DeadLetter[]): Promise<void> {
    // Most jobs are shown nowhere and asked for by no schedule.
    const shown = runs.filter(({ task }) => task !== '');
    if (shown.length > 0) await keepEntries(shown);
    const scheduled = runs.filter(({ job, isOver }) => job.isScheduled === true && isOver);
    for (const { job, startedAt, status } of scheduled)
      await pool.rows(LAST_RUN, [job.name, startedAt.toISOString(), status !== 'ERROR', job.id]);
    if (dead.length > 0) await tell(dead);
  }

  async function keepEntries(runs: readonly Run[]): Promise<void> {
    const latest = new Map(runs.map((run) => [`${run.job.name} ${run.job.tenant} ${run.uid}`, run]));
    const rows = [...latest.values()].map(({ job, uid, status, messages, startedAt }) => ({
      job: job.name,
      tenant: job.tenant,
      uid,
      args: job.args,
      status,
      messages,
      started_at: startedAt.toISOString(),
    }));
    await pool.rows(ENTRIES, [JSON.stringify(rows)]);
  }

  async function tell(dead: readonly DeadLetter[]): Promise<void> {
    await db.system(async (em) => {
      for (const { context, fact } of dead.map(jobFailed)) await outbox.record(em, context, fact);
    });
  }

  return {
    async settled(settled) {
      const runs = settled.map(runOf);
      const dead = settled.filter(({ state }) => state === 'failed');
      await keep(
        runs,
        dead.map(({ job, outcome }) => deadLetter(job, outcome.error, outcome)),
      );
    },
    async expired(expired) {
      // Whether it is shown stands with its kind: the statement looks there.
      const runs = expired.map((job): Run => {
        const isOver = job.state === 'failed';
        const { startedAt } = job;
        return { job, startedAt, isOver, status: 'ERROR', messages: [LEFT_ALONE], task: job.name, uid: '' };
      });
      const dead = expired.filter(({ state }) => state === 'failed');
      await keep(
        runs,
        dead.map((job) => deadLetter(job, LEFT_ALONE, { task: '', uid: '' })),
      );
    },
  };
}

function runOf({ job, outcome, startedAt, state }: Settled): Run {
  const { task, uid } = outcome;
  const isOver = state !== 'retry';
  if (isFailure(outcome)) return { job, startedAt, isOver, status: 'ERROR', messages: [outcome.error], task, uid };
  const status = outcome.status === 'warning' ? 'WARNING' : 'SUCCESSFUL';
  return { job, startedAt, isOver, status, messages: outcome.messages, task, uid };
}

function deadLetter(job: HeldJob, error: string, { task, uid }: { task: string; uid: string }): DeadLetter {
  return { id: job.id, name: job.name, tenant: job.tenant, task, uid, attempts: job.attempt, error };
}

/**
 * The last run of each entry. One that is shown on failure goes when what failed succeeds: where an entry stands for many things (no uid), the success of
 * another one hides nothing.
 */
const ENTRIES = `with run as (
    select i.*, k.task, k.visible from json_to_recordset($1::json) as i
      (job text, tenant text, uid text, args jsonb, status text, messages jsonb, started_at timestamptz)
    join tasks.job_kind k on k.name = i.job where k.task <> ''
  ), gone as (
    delete from tasks.system_task t using run r
    where r.visible = 'on_failure' and r.status <> 'ERROR' and (t.job, t.tenant, t.uid) = (r.job, r.tenant, r.uid)
      and (r.uid <> '' or t.args = r.args)
  )
  insert into tasks.system_task (job, tenant, uid, task, args, status, messages, started_at, finished_at)
  select job, tenant, uid, task, args, status, messages, started_at, clock_timestamp() from run
  where visible <> 'on_failure' or status = 'ERROR'
  on conflict (job, tenant, uid) do update set task = excluded.task, args = excluded.args, status = excluded.status,
    messages = excluded.messages, started_at = excluded.started_at, finished_at = excluded.finished_at`;

const LAST_RUN =
  'update tasks.job_kind set last_run = $2, last_success = $3, last_job = $4 where name = $1 and (last_run is null or last_run <= $2)';
