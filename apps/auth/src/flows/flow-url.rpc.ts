import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { type PlanStore, planErrors } from '../plans/index.ts';
import { requesterOf, sessionOf } from './flow.call.ts';
import type { FlowSelector } from './select.flow.ts';

/** What the addresses need. */
export type FlowUrlDeps = { readonly select: FlowSelector; readonly plans: PlanStore };

/** Serves the addresses that lead into flows, and the root. */
export function createFlowUrlRpc({ select, plans }: FlowUrlDeps): BoundService {
  return bind(auth.FlowUrlServiceDefinition, {
    openDefaultFlow: async ({ designation }, call) => {
      if (designation !== 'authentication' && designation !== 'invalidation') throw planErrors.FLOW_NOT_FOUND();
      const flow = await select(designation, call);
      if (flow === undefined) throw planErrors.FLOW_NOT_FOUND();
      return go(call, `/if/flow/${flow.slug}/`, true);
    },
    cancelFlow: async (_request, call) => {
      const session = sessionOf(call);
      const stored = session === undefined ? undefined : await plans.find(call.context.tenant, session);
      if (stored !== undefined) await plans.advance(call.context.tenant, stored, { plan: undefined });
      return go(call, '/flows/-/default/invalidation/', false);
    },
    openRoot: async (_request, call) => {
      if (requesterOf(call) !== undefined) return go(call, '/if/user/', true);
      return go(call, '/flows/-/default/authentication/?next=/', false);
    },
  });
}

function go(call: Call, path: string, keepsQuery: boolean): Record<never, never> {
  const { query } = call.context.client;
  call.response.redirect(keepsQuery && query !== '' ? `${path}?${query}` : path);
  return {};
}
