import { tasks as api } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { Workers } from './worker.repository.ts';

/** Tells how many workers are alive. */
export function bindWorkers({ workers }: { workers: Workers }): BoundService {
  return bind(api.WorkerServiceDefinition, { getWorkers: async () => ({ count: await workers.count() }) });
}
