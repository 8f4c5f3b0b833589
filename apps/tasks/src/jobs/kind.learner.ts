import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@postern/database';
import type { Logger } from '@postern/observability';
import type { JobApp } from './job.client.ts';
import { declareKinds } from './job-kind.operations.ts';
import { timingProblem } from './schedule.time.ts';

/** Learns what the apps can do, and when by themselves. */
export type KindLearner = {
  /** Asks every app, again until it answers. */
  start(): void;
  /** Asks every app once more, for one that was replaced meanwhile; answers how many answered. */
  refresh(): Promise<number>;
  stop(): Promise<void>;
};

export type KindLearnerDeps = {
  apps: readonly JobApp[];
  db: Pick<Database, 'system'>;
  log: Logger;
  clock: { now(): Date };
  /** Called when there may be new schedules. */
  onLearned(): void;
};

const AGAIN_FIRST_MS = 200;
const AGAIN_MAX_MS = 30_000;

/** Creates the learner. */
export function createKindLearner({ apps, db, log, clock, onLearned }: KindLearnerDeps): KindLearner {
  const stopping = new AbortController();
  const underWay: Promise<void>[] = [];

  async function learn(app: JobApp): Promise<void> {
    const kinds = await app.kinds();
    const fine = kinds.filter((kind) => {
      const problem = timingProblem(kind);
      if (problem) log.error({ job: kind.name, ...problem }, 'a job is declared with a schedule that is none');
      return !problem && kind.name.startsWith(`${app.name}.`);
    });
    await declareKinds(db, app.name, fine, clock.now());
    onLearned();
  }

  async function learnAtLast(app: JobApp): Promise<void> {
    for (let pause = AGAIN_FIRST_MS; !stopping.signal.aborted; pause = Math.min(pause * 2, AGAIN_MAX_MS)) {
      try {
        return await learn(app);
      } catch (error) {
        log.debug({ err: error, app: app.name }, 'an app does not say yet what jobs it does');
      }
      await sleep(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    start() {
      underWay.push(...apps.map(learnAtLast));
    },
    async refresh() {
      const results = await Promise.allSettled(apps.map(learn));
      return results.filter(({ status }) => status === 'fulfilled').length;
    },
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
