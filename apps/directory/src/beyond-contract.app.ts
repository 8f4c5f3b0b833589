/** Wiring of what the public contract does not know. */

import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { holdings } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import type { AppParts, StoringDeps } from '@postern/service';
import * as addresses from './email-addresses/index.ts';
import * as leaving from './off-boarding/index.ts';
import * as social from './social-accounts/index.ts';

/** What it keeps, and what it may answer. */
export const BEYOND_CONTRACT = {
  errors: [addresses.emailAddressErrors, social.socialAccountErrors],
  entities: [social.SocialAccount],
  referables: [social.socialAccountReferable],
  migrations: [
    ...leaving.OFF_BOARDING_MIGRATIONS,
    ...addresses.EMAIL_ADDRESS_MIGRATIONS,
    ...social.SOCIAL_ACCOUNT_MIGRATIONS,
  ],
};

/** What it needs. */
export type BeyondContractDeps = Pick<StoringDeps<object>, 'client' | 'clock'> & {
  /** The database, with its guard around what callers change. */
  readonly db: Database;
  readonly outbox: Outbox;
  readonly ids: { next(): string };
  readonly neighbours: Pick<Neighbours, 'require'>;
};

/** Creates the services, consumers and jobs beyond the contract. */
export function createBeyondContract({ client, ...deps }: BeyondContractDeps) {
  const clientOf = (app: Parameters<typeof client>[1]) => client(holdings.HoldingServiceDefinition, app);
  return {
    services: [
      leaving.bindOffBoarding(leaving.createOffBoarding(deps)),
      addresses.bindEmailAddresses(deps),
      social.bindSocialAccounts(deps),
    ],
    consumers: [leaving.countEndedSessions()],
    jobs: [leaving.createOffBoardingJob({ ...deps, clientOf })],
  } satisfies Partial<AppParts>;
}
