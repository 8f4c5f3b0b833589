import type { JobSql } from './job.sql.ts';

/** A kind of job that administrators see, also one that no app declares any more. */
export type TaskKind = {
  readonly job: string;
  readonly task: string;
  readonly description: string;
  readonly visible: string;
  readonly isRetired: boolean;
};

/** The last run of a task by one job. */
export type TaskRun = {
  readonly job: string;
  readonly tenant: string;
  readonly uid: string;
  readonly task: string;
  readonly args: object;
  readonly status: 'SUCCESSFUL' | 'WARNING' | 'ERROR';
  readonly messages: readonly string[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

type RunRow = Omit<TaskRun, 'startedAt' | 'finishedAt'> & { started_at: number; finished_at: number };

/** What is remembered of tasks: every question about `system_task`. */
export function systemTasksOn(sql: JobSql) {
  return {
    kinds: () =>
      sql.rows<TaskKind>(
        `select name as job, task, description, visible, is_retired as "isRetired" from tasks.job_kind where task <> '' order by name`,
      ),
    /** The runs of a tenant, and those of the installation. */
    async runs(tenant: string): Promise<TaskRun[]> {
      const rows = await sql.rows<RunRow>(
        `select job, tenant, uid, task, args, status, messages,
           (extract(epoch from started_at) * 1000)::float8 as started_at, (extract(epoch from finished_at) * 1000)::float8 as finished_at
         from tasks.system_task
         where tenant in ($1, '') order by task, uid, job, tenant limit 5000`,
        [tenant],
      );
      return rows.map(({ started_at, finished_at, ...run }) => ({
        ...run,
        startedAt: new Date(started_at),
        finishedAt: new Date(finished_at),
      }));
    },
    /** Forgets entries that outlived their use; answers how many. */
    async trim(keepMs: { successful: number; failed: number }): Promise<number> {
      const rows = await sql.rows(
        `delete from tasks.system_task t using tasks.job_kind k
         where k.name = t.job and (k.visible <> 'always' or k.is_retired)
           and t.finished_at < now() - (case when t.status = 'ERROR' then $2 else $1 end)::float8 * interval '1 millisecond' returning 1`,
        [keepMs.successful, keepMs.failed],
      );
      return rows.length;
    },
  };
}

export type SystemTasks = ReturnType<typeof systemTasksOn>;
