import { seedId } from '@postern/database';
import { common } from '@postern/errors';
import type { auth } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** Knows the slugs of flows by their keys; those that do not exist are left out. */
export type FlowSlugs = (keys: readonly string[], call: Call) => Promise<ReadonlyMap<string, string>>;

/** Flows that every tenant starts with. Their keys follow from their slugs, so that naming them takes no call. */
const SEEDED = ['default-authentication-flow', 'default-invalidation-flow', 'default-user-settings-flow'] as const;

/** Key of a flow that every tenant starts with. */
export function seededFlow(tenant: string, slug: (typeof SEEDED)[number]): string {
  return seedId(tenant, 'authentik_flows.flow', slug);
}

/** Creates what asks `auth` for slugs. */
export function createFlowSlugs(flows: Pick<Client<auth.FlowInstanceServiceDefinition>, 'listFlows'>): FlowSlugs {
  async function ask(key: string, call: Call): Promise<[string, string][]> {
    try {
      const { results } = await flows.listFlows({ flow_uuid: key }, asService(call.context.tenant, call));
      return results.map(({ pk, slug }) => [pk, slug]);
    } catch (error) {
      // A login service that keeps no list of flows knows none beyond those above.
      if (common.UNIMPLEMENTED.is(error)) return [];
      throw error;
    }
  }
  return async (keys, call) => {
    const known = new Map(SEEDED.map((slug) => [seededFlow(call.context.tenant, slug), slug] as const));
    const own = keys.flatMap((key): [string, string][] => [known.get(key) ?? []].flat().map((slug) => [key, slug]));
    const others = [...new Set(keys.filter((key) => !known.has(key)))];
    return new Map([...own, ...(await Promise.all(others.map((key) => ask(key, call)))).flat()]);
  };
}
