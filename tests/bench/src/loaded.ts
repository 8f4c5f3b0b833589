import { fork } from 'node:child_process';
import { firstMessage } from './child.ts';
import type { Installation } from './installation.ts';
import type { JourneyPlan, LoadResult } from './load/load.plan.ts';
import { latencyOf, load, rateOf } from './load/load.ts';
import { cpuOf } from './platform.ts';

/** How a load is made. */
export type LoadOptions = JourneyPlan & {
  lanes: number;
  /** Time that counts, in milliseconds. Default 3 s. */
  milliseconds?: number;
  /** Time before it, in which the code gets warm. Default 2 s. */
  warmUp?: number;
  /** Operations begun per second. Default: as many as are done. */
  perSecond?: number;
};

/** What is put under load. */
export type Target = Pick<Installation, 'host' | 'port'> & { readonly server: { readonly pid: number } };

/** What a load came to. */
export type Loaded = { readonly rate: number; readonly note: string; readonly result: LoadResult };

/** Puts an installation under load; the note tells latencies and the processor time that its process spent on each operation. */
export async function underLoad({ host, port, server }: Target, options: LoadOptions): Promise<Loaded> {
  const { lanes, milliseconds = 3_000, warmUp = 2_000, ...plan } = options;
  const before = cpuOf(server.pid);
  const result = await load({ ...plan, host, port, lanes, milliseconds, warmUp });
  // The processor works during the warm-up, too.
  const share = milliseconds / (milliseconds + warmUp);
  const cpu = ((cpuOf(server.pid) - before) * share) / result.count;
  const note = `${lanes} at a time: ${latencyOf(result)}; ${cpu.toFixed(2)} ms CPU each`;
  return { rate: rateOf(result), note, result };
}

/** Requests per second of a bare HTTP server under the same load: what the load generator and Node can do at best. */
export async function bareHttpRate(lanes: number): Promise<number> {
  const server = fork(new URL('bare.server.ts', import.meta.url));
  try {
    const port = await firstMessage<number>(server);
    const options = { requests: [{ method: 'GET', path: '/' }] };
    const plan = { host: '127.0.0.1', port, lanes, milliseconds: 1_500, warmUp: 500 };
    return rateOf(await load({ ...plan, journey: 'requests', options }));
  } finally {
    server.kill();
  }
}
