import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long what lasts, in milliseconds. */
export type RestPauses = {
  /** A process that has worked is watched for as long before it counts as resting. */
  readonly soonMs: number;
  /** How often one at rest is looked at. */
  readonly laterMs: number;
  /** Between two collections at least: each stops the process for a few tenths of a second. */
  readonly apartMs: number;
};

/** How to come to rest. */
export type RestDeps = { readonly collect?: () => void; readonly pauses?: RestPauses };

const PAUSES: RestPauses = { soonMs: 2_000, laterMs: 15_000, apartMs: 60_000 };
/** Shares of the time in which the process did something. */
const AT_REST = 0.05;
const AT_WORK = 0.2;

/**
 * Collects garbage when the process comes to rest: after its start, and after each time of work. By itself V8 keeps what a start or a rush has taken, as
 * nothing is allocated that would make it look. Answers with what ends it.
 */
export function collectAtRest({ collect = collectorOf(), pauses = PAUSES }: RestDeps = {}): () => void {
  const { soonMs, laterMs, apartMs } = pauses;
  let before = performance.eventLoopUtilization();
  let hasWorked = true;
  let collected = Number.NEGATIVE_INFINITY;
  const look = () => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    if (utilization >= AT_WORK) hasWorked = true;
    if (hasWorked && utilization <= AT_REST && performance.now() - collected >= apartMs) {
      collect();
      collected = performance.now();
      hasWorked = false;
    }
    timer = setTimeout(look, hasWorked ? soonMs : laterMs).unref();
  };
  let timer = setTimeout(look, soonMs).unref();
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
