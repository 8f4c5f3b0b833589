/** Wiring of what the public contract does not know. */

import type { Database, References } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { holdings } from '@postern/proto';
import { createObjectRights, type Neighbours } from '@postern/resource';
import type { BoundService } from '@postern/rpc';
import type { AppParts, StoringDeps } from '@postern/service';
import * as addresses from './email-addresses/index.ts';
import * as leaving from './off-boarding/index.ts';
import { bindSelfService } from './self-service/index.ts';
import { createSettings } from './settings/index.ts';
import * as social from './social-accounts/index.ts';
import * as transfers from './transfers/index.ts';

/** What it keeps, and what it may answer. */
export const BEYOND_CONTRACT = {
  errors: [addresses.emailAddressErrors, social.socialAccountErrors, transfers.transferErrors],
  entities: [social.SocialAccount],
  referables: [social.socialAccountReferable],
  migrations: [
    ...leaving.OFF_BOARDING_MIGRATIONS,
    ...addresses.EMAIL_ADDRESS_MIGRATIONS,
    ...social.SOCIAL_ACCOUNT_MIGRATIONS,
    ...transfers.TRANSFER_MIGRATIONS,
  ],
};

/** What it needs. */
export type BeyondContractDeps = Pick<StoringDeps<object>, 'client' | 'clock' | 'sealer' | 'log' | 'contract'> & {
  /** The database, with its guard around what callers change. */
  readonly db: Database;
  /** Puts the guard around another one. */
  readonly guard: (db: Database) => Database;
  readonly outbox: Outbox;
  readonly ids: { next(): string };
  readonly neighbours: Pick<Neighbours, 'require'>;
  readonly local: References;
  /** The services of users, groups and roles over a database, with and without its guard. */
  readonly people: (guarded: Database, db: Database) => readonly BoundService[];
};

/** Creates the services, consumers and jobs beyond the contract. */
export function createBeyondContract({ client, ...deps }: BeyondContractDeps) {
  const clientOf = (app: Parameters<typeof client>[1]) => client(holdings.HoldingServiceDefinition, app);
  const { api, dryApi } = localApis(deps);
  const transfer = transfers.createTransfers({ ...deps, api, dryApi });
  return {
    services: [
      leaving.bindOffBoarding(leaving.createOffBoarding(deps)),
      addresses.bindEmailAddresses(deps),
      social.bindSocialAccounts(deps),
      bindSelfService({ ...deps, settings: createSettings() }),
      ...transfer.services,
    ],
    consumers: [leaving.countEndedSessions()],
    jobs: [leaving.createOffBoardingJob({ ...deps, clientOf }), ...transfer.jobs],
  } satisfies Partial<AppParts>;
}

/** The operations that rows of files go through: for good, and taken back. */
function localApis({ db, guard, people, ...deps }: Omit<BeyondContractDeps, 'client'>) {
  const serve = (over: Database) => {
    const objects = createObjectRights({ db: over, local: deps.local });
    return transfers.createLocalApi({ ...deps, objects, services: people(over, over) });
  };
  return { api: serve(db), dryApi: serve(guard(transfers.takingBack(db))) };
}
