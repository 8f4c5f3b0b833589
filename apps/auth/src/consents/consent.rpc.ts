import { auth } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { CONSENT_MODEL } from './consent.facts.ts';
import type { ConsentOperations } from './consent.operations.ts';

/** What serving consents needs. */
export type ConsentRpcDeps = {
  readonly operations: ConsentOperations;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
};

/** Serves consents. */
export function createConsentRpc({ operations, neighbours }: ConsentRpcDeps): BoundService {
  return bind(auth.UserConsentServiceDefinition, {
    listUserConsents: (request, call) => operations.list(request, call),
    getUserConsent: ({ id }, call) => operations.get(id, call),
    async deleteUserConsent({ id }, call) {
      await operations.revoke(id, call);
      return {};
    },
    async listUserConsentUsedBy({ id }, call) {
      await operations.require(id, call);
      return { items: await neighbours.usedBy(CONSENT_MODEL, id, call) };
    },
  });
}
