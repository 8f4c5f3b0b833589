import { common } from '@postern/errors';
import type { auth } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** Knows the slugs of flows by their keys; those that do not exist are left out. */
export type FlowSlugs = (keys: readonly string[], call: Call) => Promise<ReadonlyMap<string, string>>;

/** Creates what asks `auth` for slugs. */
export function createFlowSlugs(flows: Pick<Client<auth.FlowInstanceServiceDefinition>, 'listFlows'>): FlowSlugs {
  async function ask(key: string, call: Call): Promise<[string, string][]> {
    try {
      const { results } = await flows.listFlows({ flow_uuid: key }, asService(call.context.tenant, call));
      return results.map(({ pk, slug }) => [pk, slug]);
    } catch (error) {
      // A login service that keeps no list of flows knows none.
      if (common.UNIMPLEMENTED.is(error)) return [];
      throw error;
    }
  }
  return async (keys, call) => new Map((await Promise.all([...new Set(keys)].map((key) => ask(key, call)))).flat());
}
