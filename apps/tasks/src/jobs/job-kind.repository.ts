/** What the apps can do, and when by itself: every statement about `job_kind`. */

import type { Database, EntityManager } from '@postern/database';
import type { DeclaredKind } from './declared-kind.ts';
import type { Timing } from './schedule.time.ts';

/** A kind of job with what was decided about it at run time. */
export type KnownKind = Omit<DeclaredKind, 'cron' | 'everyMs'> & {
  readonly declared: Timing;
  /** What holds instead of the declared timing; null on both sides when that holds. */
  readonly changed: Timing;
  readonly isPaused: boolean;
  readonly nextRun: Date | null;
};

/** When a kind runs by itself. */
export function timingOf({ declared, changed }: Pick<KnownKind, 'declared' | 'changed'>): Timing {
  return changed.cron !== null || changed.everyMs !== null ? changed : declared;
}

type Row = {
  name: string;
  description: string;
  task: string;
  visible: string;
  attempts: number;
  backoff_first_ms: number;
  backoff_max_ms: number;
  deadline_ms: number;
  declared_cron: string | null;
  declared_every_ms: number | null;
  cron: string | null;
  every_ms: number | null;
  is_paused: boolean;
  next_run: number | null;
};

const COLUMNS = `name, description, task, visible, attempts, backoff_first_ms, backoff_max_ms, deadline_ms, declared_cron, cron, is_paused,
  declared_every_ms::float8 as declared_every_ms, every_ms::float8 as every_ms, (extract(epoch from next_run) * 1000)::float8 as next_run`;

const timeOf = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds));

function kindOf(row: Row): KnownKind {
  const { name, description, task, visible, attempts } = row;
  return {
    name,
    description,
    task,
    visible,
    attempts,
    backoffFirstMs: row.backoff_first_ms,
    backoffMaxMs: row.backoff_max_ms,
    deadlineMs: row.deadline_ms,
    declared: { cron: row.declared_cron, everyMs: row.declared_every_ms },
    changed: { cron: row.cron, everyMs: row.every_ms },
    isPaused: row.is_paused,
    nextRun: timeOf(row.next_run),
  };
}

export type JobKinds = ReturnType<typeof jobKindsIn>;

/** The kinds of job within a transaction. */
export function jobKindsIn(em: EntityManager) {
  const select = async (rest: string, params: unknown[] = []): Promise<KnownKind[]> =>
    (await em.execute<Row[]>(`select ${COLUMNS} from job_kind ${rest}`, params)).map(kindOf);
  return {
    /** Lets nobody else change the kinds of an app until the transaction ends. */
    async lock(app: string): Promise<void> {
      await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`tasks.job_kind.${app}`]);
    },
    ofApp: (app: string) => select('where app = ? and not is_retired', [app]),
    /** What its app still declares, by name. */
    all: () => select('where not is_retired order by name'),
    async find(name: string): Promise<KnownKind | undefined> {
      const [kind] = await select('where name = ? and not is_retired for update', [name]);
      return kind;
    },
    /** Those that are due, for this transaction alone, and what time it is. */
    async takeDue(): Promise<{ now: Date; kinds: KnownKind[] }> {
      const [clock] = await em.execute<{ now: number }[]>('select (extract(epoch from now()) * 1000)::float8 as now');
      const kinds = await select(
        'where next_run <= now() and not is_paused and not is_retired order by next_run limit 100 for update skip locked',
      );
      return { now: new Date(clock?.now ?? Date.now()), kinds };
    },
    async plan(name: string, at: Date | undefined): Promise<void> {
      await em.execute('update job_kind set next_run = ? where name = ?', [at?.toISOString() ?? null, name]);
    },
    async change(name: string, { cron, everyMs }: Timing, isPaused: boolean): Promise<void> {
      await em.execute('update job_kind set cron = ?, every_ms = ?, is_paused = ? where name = ?', [
        cron,
        everyMs,
        isPaused,
        name,
      ]);
    },
    /** Keeps what an app declares. */
    async declare(app: string, kind: DeclaredKind): Promise<void> {
      await em.execute(DECLARE, [
        kind.name,
        app,
        kind.description,
        kind.task,
        kind.visible,
        kind.attempts,
        kind.backoffFirstMs,
        kind.backoffMaxMs,
        kind.deadlineMs,
        kind.cron,
        kind.everyMs,
      ]);
    },
    /** What an app no longer declares stays, as a name without anybody behind it. */
    async retire(name: string): Promise<void> {
      await em.execute('update job_kind set is_retired = true, next_run = null where name = ?', [name]);
    },
  };
}

const DECLARE = `insert into job_kind
    (name, app, description, task, visible, attempts, backoff_first_ms, backoff_max_ms, deadline_ms, declared_cron, declared_every_ms)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (name) do update set description = excluded.description, task = excluded.task, visible = excluded.visible,
    attempts = excluded.attempts, backoff_first_ms = excluded.backoff_first_ms, backoff_max_ms = excluded.backoff_max_ms,
    deadline_ms = excluded.deadline_ms, declared_cron = excluded.declared_cron, declared_every_ms = excluded.declared_every_ms,
    is_retired = false`;

/** The kinds of job, each statement in a transaction of its own. */
export function listJobKinds(db: Pick<Database, 'system'>): Promise<KnownKind[]> {
  return db.system((em) => jobKindsIn(em).all());
}
