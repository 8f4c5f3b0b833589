import type { Logger } from '@postern/observability';
import type { WorkerRow, Workers } from './worker.repository.ts';

/** The heart of a worker. */
export type WorkerBeat = { start(): Promise<void>; stop(): Promise<void> };

const BEAT_MS = 10_000;

/** Creates the heart: one statement every ten seconds, so that others know within thirty that the worker is gone. */
export function createWorkerBeat(deps: {
  workers: Workers;
  self: WorkerRow;
  log: Logger;
  beatMs?: number;
}): WorkerBeat {
  const { workers, self, log, beatMs = BEAT_MS } = deps;
  let timer: NodeJS.Timeout | undefined;
  let beating = Promise.resolve();
  const beat = () => {
    beating = workers
      .beat(self)
      .catch((error) => log.warn({ err: error }, 'the sign of life of a worker did not arrive'));
    return beating;
  };
  return {
    async start() {
      timer = setInterval(beat, beatMs).unref();
      await beat();
    },
    async stop() {
      clearInterval(timer);
      await beating;
      await workers.leave(self.id).catch(() => undefined);
    },
  };
}
