import type { directory } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** What GitHub's API tells beyond who somebody is. */
export type GitHubNeighbours = {
  /** When a user came; RFC 3339. Throws NOT_FOUND. */
  joined(user: number, call: Call): Promise<string>;
  /** What the brand of the host is called. */
  brand(call: Call): Promise<string>;
};

/** Asked from the directory. */
export function createGitHubNeighbours(clients: {
  readonly history: Client<directory.UserHistoryServiceDefinition>;
  readonly brands: Pick<Client<directory.BrandServiceDefinition>, 'getCurrentBrand'>;
}): GitHubNeighbours {
  return {
    joined: async (pk, call) => {
      const { joined = '' } = await clients.history.getUserHistory({ pk }, asService(call.context.tenant, call));
      return joined;
    },
    brand: async (call) =>
      (await clients.brands.getCurrentBrand({}, asService(call.context.tenant, call))).branding_title,
  };
}
