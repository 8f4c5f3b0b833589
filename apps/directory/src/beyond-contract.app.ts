/** Wiring of what the public contract does not know. */

import type { Database, References } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { holdings } from '@postern/proto';
import { createObjectRights, type Guarding, type Neighbours } from '@postern/resource';
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
  readonly db: Database;
  /** The database with its guard around what callers change. */
  readonly guarded: Database;
  readonly guarding: Guarding;
  readonly outbox: Outbox;
  readonly ids: { next(): string };
  readonly neighbours: Pick<Neighbours, 'require'>;
  readonly local: References;
  /** The services of users, groups and roles that rows of files go through. */
  readonly rows: (db: Database, outbox: Outbox) => readonly BoundService[];
};

/** Creates the services, consumers and jobs beyond the contract. */
export function createBeyondContract({ client, db, guarded, guarding, ...others }: BeyondContractDeps) {
  const clientOf = (app: Parameters<typeof client>[1]) => client(holdings.HoldingServiceDefinition, app);
  const deps = { ...others, db: guarded };
  const bundles = transfers.createRowBundles({
    db,
    outbox: deps.outbox,
    serve: (over, outbox) => {
      // Within a bundle it asks on the connection of that: who holds one and waits for another may wait for ever.
      const objects = createObjectRights({ db: over, local: deps.local });
      return transfers.createLocalApi({ ...others, objects, services: others.rows(over, outbox) });
    },
  });
  const transfer = transfers.createTransfers({ ...deps, bundles, guarding });
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
