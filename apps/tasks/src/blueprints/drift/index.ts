/** Drift: objects that somebody changed since a blueprint made them. An instance whose objects drift is a `warning` until it is applied again. */

import { createJobs } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { AppParts } from '@postern/service';
import { type DriftJobDeps, driftJob } from './drift.job.ts';
import { createDrift, type DriftDeps, type LookForDrift } from './drift.operations.ts';

/** What looking for drift is built from. */
export type DriftPartsDeps = DriftDeps & { readonly db: DriftJobDeps['db']; readonly outbox: Outbox };

/** Builds the look and the job that looks daily. */
export function createDriftParts(deps: DriftPartsDeps): AppParts & { lookForDrift: LookForDrift } {
  const lookForDrift = createDrift(deps);
  const jobs = createJobs({ outbox: deps.outbox });
  return { lookForDrift, jobs: [driftJob({ db: deps.db, jobs, lookForDrift })] };
}
