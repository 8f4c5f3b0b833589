import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long a process is watched before it counts as resting, in milliseconds: one that has worked, and one that was at rest. */
const SOON_MS = 2_000;
const LATER_MS = 15_000;
/** Shares of the time in which the process did something. */
const AT_REST = 0.05;
const AT_WORK = 0.2;

/**
 * Collects garbage when the process comes to rest: after its start, and after each time of work. By itself V8 keeps what a start or a rush has taken, as
 * nothing is allocated that would make it look. Answers with what ends it.
 */
export function collectAtRest(): () => void {
  const collect = collectorOf();
  let before = performance.eventLoopUtilization();
  let hasWorked = true;
  const look = () => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    if (utilization >= AT_WORK) hasWorked = true;
    if (hasWorked && utilization <= AT_REST) {
      collect();
      hasWorked = false;
    }
    timer = setTimeout(look, hasWorked ? SOON_MS : LATER_MS).unref();
  };
  let timer = setTimeout(look, SOON_MS).unref();
  return () => clearTimeout(timer);
}

/** V8's own function, which Node shows only on demand. */
function collectorOf(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return () => {
    if (typeof gc === 'function') gc();
  };
}
