import { fork } from 'node:child_process';
import { firstMessage } from '../child.ts';
import { percentile } from '../measure.ts';
import type { LoadPlan, LoadResult } from './load.plan.ts';

/** Makes a load in a process of its own. Rejects when one operation fails: a bench that measures refusals measures nothing. */
export async function load(plan: LoadPlan): Promise<LoadResult> {
  const worker = fork(new URL('load.worker.ts', import.meta.url), { serialization: 'advanced' });
  try {
    worker.send(plan);
    const { result, error } = await firstMessage<{ result?: LoadResult; error?: string }>(worker);
    if (result === undefined) throw new Error(`${plan.journey}: ${error}`);
    return result;
  } finally {
    worker.kill();
  }
}

/** Operations per second. */
export function rateOf({ count, seconds }: LoadResult): number {
  return count / seconds;
}

/** The latencies in words. */
export function latencyOf({ latencies }: LoadResult): string {
  const shown = [0.5, 0.95, 0.99].map((share) => percentile(latencies, share).toFixed(1));
  return `p50 ${shown[0]}, p95 ${shown[1]}, p99 ${shown[2]} ms`;
}
