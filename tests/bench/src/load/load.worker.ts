/** The child process that makes the load: told by its parent what to do, it answers with what came of it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connectHttp } from './http.connection.ts';
import type { Lane, Step } from './journey.ts';
import type { LoadPlan, LoadResult } from './load.plan.ts';
import { refreshJourney } from './refresh.journey.ts';
import { onceJourney, requestsJourney } from './requests.journey.ts';
import { signInJourney } from './sign-in.journey.ts';

function stepOf(plan: LoadPlan, lane: Lane): Step {
  switch (plan.journey) {
    case 'requests':
      return requestsJourney(lane, plan.options);
    case 'once':
      return onceJourney(lane, plan.options);
    case 'sign-in':
      return signInJourney(lane, plan.options);
    case 'refresh':
      return refreshJourney(lane, plan.options);
  }
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const begin = performance.now() + plan.warmUp;
  const end = begin + plan.milliseconds;
  const latencies: number[] = [];
  let last = begin;
  const next = plan.perSecond === undefined ? async () => performance.now() : paced(plan.perSecond);
  const drive = async (index: number) => {
    const connection = await connectHttp(plan.host, plan.port);
    const step = stepOf(plan, { index, connection });
    try {
      for (let start = await next(); start < end; start = await next()) {
        if ((await step()) === 'done') break;
        last = performance.now();
        if (start >= begin) latencies.push(last - start);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: plan.lanes }, (_, index) => drive(index)));
  return {
    count: latencies.length,
    seconds: (last - begin) / 1_000,
    latencies: Float64Array.from(latencies).sort(),
  };
}

/** Gives out the moments at which operations are due, and waits for each. */
function paced(perSecond: number): () => Promise<number> {
  let due = performance.now();
  return async () => {
    due += 1_000 / perSecond;
    const mine = due;
    const wait = mine - performance.now();
    if (wait > 0) await sleep(wait);
    return mine;
  };
}

process.once('message', (plan: LoadPlan) => {
  run(plan).then(
    (result) => process.send?.({ result }, () => process.disconnect()),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.disconnect()),
  );
});
