import { common } from '@postern/errors';
import type { Call } from '@postern/rpc';
import { type FrameDeps, openBrowser } from './headless.frame.ts';
import { settle } from './headless.settle.ts';
import { takeBack, type Visit } from './headless.visit.ts';

/** Visits of browsers for APIs that answer otherwise: the same sessions, cookies and steps of a login. */
export type Visits = {
  /**
   * Opens the session of a request, does the work and stores what came of it, all at once or not at all; from the beginning where the session
   * changed meanwhile. What the work throws undoes what it did.
   */
  run<Result>(call: Call, work: (visit: Visit) => Promise<Result>): Promise<Result>;
};

const ROUNDS = 12;

/** Creates them. */
export function createVisits(deps: FrameDeps): Visits {
  return {
    async run(call, work) {
      for (let round = 0; round < ROUNDS; round++) {
        const visit = await openBrowser(deps, call);
        const result = await work(visit).catch(async (error: unknown) => {
          await takeBack(visit);
          throw error;
        });
        const settled = await settle(visit, deps);
        if (settled.kind === 'refused') throw common.PERMISSION_DENIED();
        if (settled.kind === 'settled') return result;
      }
      throw common.UNAVAILABLE();
    },
  };
}
