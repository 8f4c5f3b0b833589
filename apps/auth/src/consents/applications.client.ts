import type { providers } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** The applications of consents, as `providers` knows them. */
export type Applications = {
  /** Applications by key, in one call for a page, with addresses made for the caller; those that are gone are left out. */
  byPk(pks: readonly string[], call: Call): Promise<ReadonlyMap<string, providers.Application>>;
};

/** Applications that one call asks for. */
const BATCH = 1000;

/** Asks `providers` for applications. */
export function createApplications(
  client: Pick<Client<providers.ApplicationDirectoryServiceDefinition>, 'batchGetApplications'>,
): Applications {
  return {
    async byPk(pks, call) {
      const wanted = [...new Set(pks)];
      const { principal, tenant } = call.context;
      const viewer = principal.kind === 'user' ? principal.user : undefined;
      const found = new Map<string, providers.Application>();
      for (let start = 0; start < wanted.length; start += BATCH) {
        const request = { pks: wanted.slice(start, start + BATCH), viewer };
        const { applications } = await client.batchGetApplications(request, asService(tenant, call));
        for (const application of applications) found.set(application.pk, application);
      }
      return found;
    },
  };
}
