import type { Database } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { DeclaredKind } from './declared-kind.ts';
import { jobKindsIn, type KnownKind, timingOf } from './job-kind.repository.ts';
import { nextRun, type Timing, timingProblem } from './schedule.time.ts';

/**
 * Keeps what an app declares. What was changed at run time stays; a schedule whose declared timing changed is planned anew, unless a changed one holds.
 */
export async function declareKinds(
  db: Pick<Database, 'system'>,
  app: string,
  declared: readonly DeclaredKind[],
  now: Date,
): Promise<void> {
  await db.system(async (em) => {
    const kinds = jobKindsIn(em);
    await kinds.lock(app);
    const known = new Map((await kinds.ofApp(app)).map((kind) => [kind.name, kind]));
    for (const kind of declared) {
      const before = known.get(kind.name);
      known.delete(kind.name);
      if (before && isSame(before, kind)) continue;
      await kinds.declare(app, kind);
      const after = await kinds.find(kind.name);
      if (!after || after.isPaused) continue;
      const isPlanned = after.nextRun !== null && before !== undefined && sameTiming(timingOf(before), timingOf(after));
      if (!isPlanned) await kinds.plan(kind.name, nextRun(timingOf(after), now));
    }
    for (const gone of known.keys()) await kinds.retire(gone);
  });
}

function isSame({ declared, ...known }: KnownKind, kind: DeclaredKind): boolean {
  const keys = ['description', 'task', 'visible', 'attempts', 'backoffFirstMs', 'backoffMaxMs', 'deadlineMs'] as const;
  return sameTiming(declared, kind) && keys.every((key) => known[key] === kind[key]);
}

function sameTiming(a: Timing, b: Timing): boolean {
  return a.cron === b.cron && a.everyMs === b.everyMs;
}

/** A change of a schedule at run time. */
export type ScheduleChange = {
  readonly name: string;
  /** The new timing; undefined leaves it. */
  readonly timing?: Timing;
  /** Back to what the code says. */
  readonly reset: boolean;
  readonly paused?: boolean;
};

/** Changes a schedule, and plans its next run. Throws NOT_FOUND for what has none, INVALID_ARGUMENT for what is no timing. */
export async function changeSchedule(
  db: Pick<Database, 'system'>,
  { name, timing, reset, paused }: ScheduleChange,
  now: Date,
): Promise<KnownKind> {
  const problem = timing && timingProblem(timing);
  if (problem) throw invalidField(problem.field, problem.reason);
  return db.system(async (em) => {
    const kinds = jobKindsIn(em);
    const before = await kinds.find(name);
    const isScheduled = before && (before.declared.cron !== null || before.declared.everyMs !== null);
    if (!before || !isScheduled) throw common.NOT_FOUND();
    const changed = reset ? { cron: null, everyMs: null } : (timing ?? before.changed);
    const isPaused = paused ?? before.isPaused;
    await kinds.change(name, changed, isPaused);
    const after = { ...before, changed, isPaused };
    const isPlanned = before.nextRun !== null && sameTiming(timingOf(before), timingOf(after));
    const next = isPaused ? undefined : isPlanned ? (before.nextRun ?? undefined) : nextRun(timingOf(after), now);
    await kinds.plan(name, next);
    return { ...after, nextRun: next ?? null };
  });
}
