import type { Database } from '@postern/database';
import { handles, type JobHandler, type JobRun } from '@postern/jobs';
import type { holdings } from '@postern/proto';
import { asService, type Client, type ServiceName } from '@postern/rpc';
import { OFF_BOARD, OFF_BOARD_ATTEMPTS } from './off-boarding.order.ts';
import {
  finish,
  getOffBoarding,
  type Holder,
  type OffBoardingRow,
  partDone,
  partFailed,
  SERVICES,
} from './off-boarding.repository.ts';

/** What the job needs. */
export type OffBoardingJobDeps = {
  readonly db: Database;
  readonly clock: { now(): Date };
  readonly clientOf: (service: ServiceName) => Pick<Client<holdings.HoldingServiceDefinition>, 'endHoldings'>;
};

/**
 * The job that has the other services end what a user holds. A service that is down keeps no other one waiting; the next try asks only those that
 * have not done their part.
 */
export function createOffBoardingJob({ db, clock, clientOf }: OffBoardingJobDeps): JobHandler {
  async function askFor(run: OffBoardingRow, service: Holder, { tenant }: JobRun): Promise<unknown> {
    try {
      const request = { user: run.user, since: new Date(run.begun).toISOString() };
      const { ended } = await clientOf(service).endHoldings(request, asService(tenant));
      const counts = Object.fromEntries(ended.map(({ kind, count }) => [kind, count]));
      await db.write({ tenant }, (em) => partDone(em, run.pk, service, counts));
      return undefined;
    } catch (error) {
      await db.write({ tenant }, (em) => partFailed(em, run.pk, service, describe(error)));
      return error;
    }
  }

  return handles(
    OFF_BOARD,
    async ({ run: pk }, attempt) => {
      const { tenant, signal, progress } = attempt;
      const run = await db.read({ tenant }, (em) => getOffBoarding(em, pk));
      const failures: unknown[] = [];
      for (const [index, service] of OTHERS.entries()) {
        signal.throwIfAborted();
        progress(index, OTHERS.length, service);
        const isDone = run.parts.some((part) => part.service === service && part.status === 'done');
        const failure = isDone ? undefined : await askFor(run, service, attempt);
        if (failure !== undefined) failures.push(failure);
      }
      progress(OTHERS.length - failures.length, OTHERS.length);
      const isOver = failures.length === 0 || attempt.attempt >= OFF_BOARD_ATTEMPTS;
      const status = failures.length === 0 ? 'done' : 'failed';
      if (isOver) await db.write({ tenant }, (em) => finish(em, pk, status, clock.now()));
      if (failures.length > 0)
        throw new AggregateError(failures, `not all services did their part: ${failures.map(describe).join('; ')}`);
      return { messages: [`Off-boarded ${run.username}.`] };
    },
    { description: 'End what users who leave hold', task: 'off_board_user', uid: ({ run }) => run },
  );
}

const OTHERS = SERVICES.filter((service) => service !== 'directory');

/** Longest reason that a report shows. */
const LONGEST = 500;

/** What is said of a failure; the details stand in the log of whoever failed. */
function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll('\0', '').slice(0, LONGEST);
}
