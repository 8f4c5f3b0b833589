import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { FinalFailure, handles, type JobHandler, type JobRun, type Jobs } from '@postern/jobs';
import { COMPANY_MS, judgeEvents, orderToJudge } from './judge.order.ts';
import type { Judge, Judged } from './judging.ts';
import { forgetUnjudged, isEmpty, nextUnjudged, putOff, type Unjudged } from './unjudged.repository.ts';

export type JudgeJobDeps = {
  readonly db: Pick<Database, 'read' | 'write'>;
  readonly jobs: Jobs;
  readonly judge: Judge;
  readonly clock: { now(): Date };
};

/** Events that are asked about in one call. */
const BATCH = 100;
/** How long one job goes on before it leaves the rest to another: there are other tenants. Milliseconds. */
const SHIFT_MS = 30_000;
/** An event that cannot be judged is put off for so long, doubled each time, and given up after a day. Milliseconds. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS, GIVEN_UP_MS] = [30_000, 3_600_000, 86_400_000];

/**
 * Judges the events of a tenant, many at a time, until none waits. An event is forgotten in the transaction that asks for its deliveries: a crash
 * before it has it judged again, and nobody is told twice.
 */
export function judgeJob({ db, jobs, judge, clock }: JudgeJobDeps): JobHandler {
  /** Forgets what is judged, asks for what follows, and finds out whether more waits; once `isLate`, that is left to another job. */
  const settle = (tenant: string, judged: readonly Judged[], isLate: boolean) =>
    db.write({ tenant }, async (em) => {
      const numbers = judged.map(({ number }) => number);
      const mine = await forgetUnjudged(em, numbers);
      const orders = judged.filter(({ number }) => mine.has(number)).flatMap((one) => one.orders);
      if (orders.length > 0) await jobs.enqueueAll(em, { tenant }, orders);
      const isDone = (await isEmpty(em)) === true;
      if (!isDone && isLate) await jobs.enqueue(em, { tenant }, orderToJudge(clock.now()));
      // Who finds its events gone is not alone: the other one, who forgot them, goes on.
      const isSpare = judged.length > 0 && mine.size === 0;
      return { events: mine.size, deliveries: orders.length, isOver: isDone || isLate || isSpare };
    });

  /** An event that cannot be judged although `auth` answers keeps the others no longer. */
  async function putAside(tenant: string, { number, failures, since, event }: Unjudged, cause: unknown): Promise<void> {
    const now = clock.now();
    const isGivenUp = now.getTime() - since.getTime() > GIVEN_UP_MS;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 20), LONGEST_PAUSE_MS);
    await db.write({ tenant }, async (em) => {
      if (isGivenUp) await forgetUnjudged(em, [number]);
      else await putOff(em, number, pause);
      const orders = isGivenUp ? [orderToJudge(now)] : [orderToJudge(now, pause + 1_000)];
      await jobs.enqueueAll(em, { tenant }, orders);
    });
    if (isGivenUp) throw new FinalFailure(`The event ${event?.pk} could not be judged for a day.`, { cause });
  }

  async function run({ tenant, signal }: JobRun) {
    const end = performance.now() + SHIFT_MS;
    const sum = { events: 0, deliveries: 0 };
    for (let size = BATCH; ; ) {
      const waiting = await db.read({ tenant }, (em) => nextUnjudged(em, size));
      const judged = await judge(tenant, waiting, signal).catch((cause: unknown) => {
        signal.throwIfAborted();
        if (common.UNAVAILABLE.is(cause)) throw cause;
        return { cause };
      });
      if ('cause' in judged) {
        const [first] = waiting;
        if (size === 1 && first) await putAside(tenant, first, judged.cause);
        size = 1;
        continue;
      }
      const { events, deliveries, isOver } = await settle(tenant, judged, performance.now() > end);
      sum.events += events;
      sum.deliveries += deliveries;
      if (isOver) return { messages: [`${sum.events} events, ${sum.deliveries} deliveries`] };
      // More are on their way: few at a time would cost as much as many.
      if (events < size / 2) await sleep(COMPANY_MS, undefined, { signal });
      size = Math.min(BATCH, size * 2);
    }
  }

  return handles(judgeEvents, (_args, attempt) => run(attempt), { description: 'Find out whom events concern' });
}
