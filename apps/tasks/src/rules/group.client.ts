import type { directory } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** What rules ask the directory about groups. */
export type Groups = {
  /** Groups in full, by key; those that do not exist are left out. */
  describe(keys: readonly string[], call: Call): Promise<ReadonlyMap<string, directory.Group>>;
  /** Keys of the groups with this name. */
  named(name: string, call: Call): Promise<readonly string[]>;
  /** Direct members who may use their account, by key; all of them, or as many as are wanted. */
  members(
    tenant: string,
    group: string,
    most: number | undefined,
    signal?: AbortSignal,
  ): Promise<directory.UserFacts[]>;
};

export type GroupClient = Client<typeof directory.GroupDirectoryServiceDefinition>;

const PAGE = 1_000;

/** Creates the view of rules on groups. */
export function createGroups(client: GroupClient): Groups {
  return {
    async describe(keys, call) {
      const pks = [...new Set(keys)];
      if (pks.length === 0) return new Map();
      const { groups } = await client.batchGetGroups({ pks }, asService(call.context.tenant, call));
      return new Map(groups.map((group) => [group.pk, group]));
    },
    named: async (name, call) => (await client.findGroupsByName({ name }, asService(call.context.tenant, call))).pks,
    async members(tenant, group_uuid, most, signal) {
      const found: directory.UserFacts[] = [];
      const limit = Math.min(most ?? PAGE, PAGE);
      for (;;) {
        const after = found.at(-1)?.pk ?? 0;
        const { users } = await client.listGroupMembers({ group_uuid, after, limit }, asService(tenant), { signal });
        found.push(...users);
        if (users.length < limit || found.length === most) return found;
      }
    },
  };
}
