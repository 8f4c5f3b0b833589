import { DEFAULT_TENANT } from '@postern/database';
import type { TaskKind, TaskRun } from './system-task.repository.ts';

/** What stands behind an entry: the last run of one job, or a job that has not run yet. */
export type TaskPart = {
  readonly job: string;
  readonly tenant: string;
  readonly args: object;
  readonly isRetired: boolean;
};

/** A task as administrators see it. */
export type TaskEntry = {
  readonly name: string;
  readonly description: string;
  readonly finishedAt: Date;
  readonly seconds: number;
  readonly status: 'SUCCESSFUL' | 'WARNING' | 'ERROR' | 'UNKNOWN';
  readonly messages: readonly string[];
  readonly parts: readonly TaskPart[];
};

export type TaskViewInput = {
  readonly tenant: string;
  readonly kinds: readonly TaskKind[];
  readonly runs: readonly TaskRun[];
  /** Since when tasks could have run: the time of those that have not. */
  readonly since: Date;
};

const NOT_YET = 'Task has not been run yet.';
const WORST = ['ERROR', 'WARNING', 'SUCCESSFUL'] as const;

/**
 * The entries of a tenant, by name. Jobs of several apps may share a task: their runs join, and the worst of them counts. What the installation does
 * for all tenants is seen by each, what it says of it by the default tenant alone.
 */
export function taskEntries({ tenant, kinds, runs, since }: TaskViewInput): TaskEntry[] {
  const kindOf = new Map(kinds.map((kind) => [kind.job, kind]));
  const byName = Map.groupBy(runs, ({ task, uid }) => (uid ? `${task}:${uid}` : task));
  const always = kinds.filter(({ visible, isRetired }) => visible === 'always' && !isRetired);
  const waiting = Map.groupBy(
    always.filter(({ job }) => !runs.some((run) => run.job === job && run.uid === '')),
    ({ task }) => task,
  );
  const names = [...new Set([...byName.keys(), ...waiting.keys()])].sort();
  return names.map((name) => {
    const own = byName.get(name) ?? [];
    const unrun = waiting.get(name) ?? [];
    const first = kindOf.get(own[0]?.job ?? '') ?? unrun[0];
    const parts = [...own.map((run) => partOf(run, kindOf)), ...unrun.map(unrunPart)];
    return { name, description: first?.description ?? '', parts, ...summaryOf(own, tenant, since) };
  });
}

function summaryOf(
  runs: readonly TaskRun[],
  tenant: string,
  since: Date,
): Pick<TaskEntry, 'finishedAt' | 'seconds' | 'status' | 'messages'> {
  if (runs.length === 0) return { finishedAt: since, seconds: 0, status: 'UNKNOWN', messages: [NOT_YET] };
  const isTold = (run: TaskRun) => run.tenant !== '' || tenant === DEFAULT_TENANT;
  return {
    finishedAt: new Date(Math.max(...runs.map(({ finishedAt }) => finishedAt.getTime()))),
    seconds: Math.max(0, ...runs.map((run) => (run.finishedAt.getTime() - run.startedAt.getTime()) / 1_000)),
    status: WORST.find((status) => runs.some((run) => run.status === status)) ?? 'UNKNOWN',
    messages: runs.filter(isTold).flatMap(({ messages }) => messages),
  };
}

function partOf({ job, tenant, args }: TaskRun, kinds: ReadonlyMap<string, TaskKind>): TaskPart {
  return { job, tenant, args, isRetired: kinds.get(job)?.isRetired ?? true };
}

function unrunPart({ job }: TaskKind): TaskPart {
  return { job, tenant: '', args: {}, isRetired: false };
}
