import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

/** Tells how much processor time a PostgreSQL server has used so far, in milliseconds. */
export type DatabaseCpu = () => number;

/** Finds the processes of a server by one of its connections. Those that end are counted by the first of them. */
export async function databaseCpu(sql: pg.Pool): Promise<DatabaseCpu> {
  const { rows } = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
  const parent = statOf(rows[0]?.pid ?? 0)?.parent ?? 0;
  return () => {
    const own = statOf(parent);
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => statOf(Number(name)))
      .filter((stat) => stat?.parent === parent);
    return children.reduce((sum, stat) => sum + (stat?.used ?? 0), (own?.used ?? 0) + (own?.ended ?? 0));
  };
}

/** Ticks of 10 ms: see proc_pid_stat(5). Undefined for a process that is gone. */
function statOf(pid: number): { parent: number; used: number; ended: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0] = fields.slice(1);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent, used: (user + system) * 10, ended: (endedUser + endedSystem) * 10 };
  } catch {
    return undefined;
  }
}
