import type { JobSql } from './job.sql.ts';

/** A worker without a sign of life for this long is gone. */
const GONE_MS = 30_000;

/** A process that runs jobs. */
export type WorkerRow = {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly concurrency: number;
};

/** The signs of life of the workers: every statement about `worker`. */
export function workersOn(sql: JobSql) {
  return {
    /** Says that a worker is alive. */
    async beat({ id, host, pid, concurrency }: WorkerRow): Promise<void> {
      await sql.rows(
        `insert into tasks.worker (id, host, pid, concurrency) values ($1, $2, $3, $4)
         on conflict (id) do update set beat_at = clock_timestamp()`,
        [id, host, pid, concurrency],
      );
    },
    async leave(id: string): Promise<void> {
      await sql.rows('delete from tasks.worker where id = $1', [id]);
    },
    /** How many are alive. */
    async count(): Promise<number> {
      const [row] = await sql.rows<{ count: number }>(
        `select count(*)::int as count from tasks.worker where beat_at > clock_timestamp() - ${GONE_MS} * interval '1 millisecond'`,
      );
      return row?.count ?? 0;
    },
    /** Forgets those that are long gone; answers how many. */
    async trim(): Promise<number> {
      const rows = await sql.rows(
        `delete from tasks.worker where beat_at < clock_timestamp() - interval '1 day' returning 1`,
      );
      return rows.length;
    },
  };
}

export type Workers = ReturnType<typeof workersOn>;
