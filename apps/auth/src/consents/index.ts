/**
 * Consents: what people let applications have, to be looked at and taken back. Giving one is a stage (`stages/consent`). Whoever takes a
 * consent back is asked again, and what the application holds of them ends: `providers` hears of it.
 */

import { referable } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import type { BoundService, Client } from '@postern/rpc';
import { createApplications } from './applications.client.ts';
import { Consent } from './consent.entity.ts';
import { CONSENT_MODEL } from './consent.facts.ts';
import { type ConsentDeps, createConsentOperations } from './consent.operations.ts';
import { createConsentRpc } from './consent.rpc.ts';

export { Consent } from './consent.entity.ts';
export { consentFact, consentRevoked } from './consent.facts.ts';

/** What consents need. */
export type ConsentsDeps = Omit<ConsentDeps, 'applications'> & {
  readonly applications: Pick<Client<providers.ApplicationDirectoryServiceDefinition>, 'batchGetApplications'>;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
};

/** Creates the service of consents. */
export function createConsentService({ neighbours, applications, ...deps }: ConsentsDeps): BoundService {
  const operations = createConsentOperations({ ...deps, applications: createApplications(applications) });
  return createConsentRpc({ operations, neighbours });
}

/** Consents, as others refer to them and as they refer to others. */
export const referableConsents = referable({
  model: CONSENT_MODEL,
  entity: Consent,
  type: 'postern.auth.v1.UserConsent',
  title: ({ pk }) => `User consent ${pk}`,
});
