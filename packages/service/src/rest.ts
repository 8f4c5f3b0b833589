import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long a process is watched before it counts as resting, in milliseconds: one that has worked, and one that was at rest. */
const SOON_MS = 2_000;
const LATER_MS = 15_000;
/** Milliseconds between two collections at least: each stops the process for a few tenths of a second. */
const APART_MS = 60_000;
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
  let collected = Number.NEGATIVE_INFINITY;
  const look = () => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    if (utilization >= AT_WORK) hasWorked = true;
    if (hasWorked && utilization <= AT_REST && performance.now() - collected >= APART_MS) {
      collect();
      collected = performance.now();
      hasWorked = false;
    }
    timer = setTimeout(look, hasWorked ? SOON_MS : LATER_MS).unref();
  };
  let timer = setTimeout(look, SOON_MS).unref();
  return () => clearTimeout(timer);
}

/**
 * V8's own function, which Node shows only on demand. The last resort is the one flavour that gives the pages back that a collection has emptied: V8
 * keeps them for what comes next, which at rest is nothing.
 */
function collectorOf(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return () => {
    if (typeof gc === 'function') gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  };
}
