import type { Call } from '@postern/rpc';
import { type FlowDesignation, type FlowFacts, type PolicyPort, policyRequest } from '../plans/index.ts';
import type { FlowReader } from './catalog.repository.ts';
import { clientOf, requesterOf } from './flow.call.ts';

/** Flows that the brand of a host names. */
export type BrandFlows = {
  /** Key of the flow for a designation; undefined when the brand names none. */
  readonly find: (designation: FlowDesignation, call: Call) => Promise<string | undefined>;
};

/** Finds the flow to use for a designation. */
export type FlowSelector = (designation: FlowDesignation, call: Call) => Promise<FlowFacts | undefined>;

/** What selecting needs. */
export type SelectorDeps = {
  readonly reader: Pick<FlowReader, 'findByPk' | 'byDesignation'>;
  readonly brands: BrandFlows;
  readonly policies: PolicyPort;
};

/** Creates the selection: the flow that the brand names, else the first by slug whose policies pass for whoever asks. */
export function createFlowSelector({ reader, brands, policies }: SelectorDeps): FlowSelector {
  return async (designation, call) => {
    const { tenant, client } = call.context;
    const named = await brands.find(designation, call);
    const flow = named === undefined ? undefined : await reader.findByPk(tenant, named);
    if (flow !== undefined) return flow;
    const asking = { tenant, query: client.query, client: clientOf(call), requester: requesterOf(call) };
    for (const candidate of await reader.byDesignation(tenant, designation)) {
      const verdict = await policies.evaluate(policyRequest(candidate.policyTarget, candidate, asking, {}));
      if (verdict.passing) return candidate;
    }
    return undefined;
  };
}
