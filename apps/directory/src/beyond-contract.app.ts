/** Wiring of what the public contract does not know. */

import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { holdings } from '@postern/proto';
import type { AppParts, StoringDeps } from '@postern/service';
import * as leaving from './off-boarding/index.ts';

/** What it needs. */
export type BeyondContractDeps = Pick<StoringDeps<object>, 'client' | 'clock'> & {
  /** The database, with its guard around what callers change. */
  readonly db: Database;
  readonly outbox: Outbox;
  readonly ids: { next(): string };
};

/** Creates the services, consumers and jobs beyond the contract. */
export function createBeyondContract({ client, ...deps }: BeyondContractDeps) {
  const clientOf = (app: Parameters<typeof client>[1]) => client(holdings.HoldingServiceDefinition, app);
  return {
    services: [leaving.bindOffBoarding(leaving.createOffBoarding(deps))],
    consumers: [leaving.countEndedSessions()],
    jobs: [leaving.createOffBoardingJob({ ...deps, clientOf })],
  } satisfies Partial<AppParts>;
}
