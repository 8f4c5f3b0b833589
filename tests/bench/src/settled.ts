import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf } from './platform.ts';

/** A process that uses less than this of a core has nothing left to do. */
const IDLE = 0.08;
const LOOK_MS = 500;
const PATIENCE_MS = 180_000;

/**
 * Waits until a process has done what a load left behind, such as storing the events that the load recorded, so that the next measure is of its
 * own operation. Answers with the seconds that it took.
 */
export async function settled({ pid }: { readonly pid: number }): Promise<number> {
  const began = performance.now();
  let before = cpuOf(pid);
  while (performance.now() - began < PATIENCE_MS) {
    await sleep(LOOK_MS);
    const now = cpuOf(pid);
    if (now - before < LOOK_MS * IDLE) break;
    before = now;
  }
  return Math.max(0, performance.now() - began - LOOK_MS) / 1_000;
}
