import { isUuid } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { type FlowStarter, type PlanStore, planErrors } from '../plans/index.ts';
import { modelOf } from '../stages/index.ts';
import type { FlowReader } from './catalog.repository.ts';
import { clientOf, requesterOf, sessionOf } from './flow.call.ts';
import type { FlowSelector } from './select.flow.ts';

/** What the addresses need. */
export type FlowUrlDeps = {
  readonly select: FlowSelector;
  readonly plans: PlanStore;
  readonly reader: Pick<FlowReader, 'findStage' | 'findByPk'>;
  readonly start: FlowStarter;
};

/** Serves the addresses that lead into flows, and the root. */
export function createFlowUrlRpc(deps: FlowUrlDeps): BoundService {
  const { select, plans } = deps;
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
    configureStage: ({ stage_uuid }, call) => configure(stage_uuid, call, deps),
    openRoot: async (_request, call) => {
      if (requesterOf(call) !== undefined) return go(call, '/if/user/', true);
      return go(call, '/flows/-/default/authentication/?next=/', false);
    },
  });
}

/** Plans the flow in which a person sets up what a stage is about, for whoever is signed in. */
async function configure(stage: string, call: Call, { reader, start }: FlowUrlDeps): Promise<Record<never, never>> {
  const { tenant, client } = call.context;
  const [requester, session] = [requesterOf(call), sessionOf(call)];
  if (requester === undefined || session === undefined) {
    const here = client.query === '' ? client.path : `${client.path}?${client.query}`;
    return go(call, `/flows/-/default/authentication/?next=${encodeURIComponent(here)}`, false);
  }
  const found = isUuid(stage) ? await reader.findStage(tenant, stage) : undefined;
  const isConfigurable = found !== undefined && modelOf(found.kind)?.links.configure_flow === 'flow';
  const key = isConfigurable ? found.settings.configure_flow : undefined;
  const flow = typeof key === 'string' && isUuid(key) ? await reader.findByPk(tenant, key) : undefined;
  if (flow === undefined) throw planErrors.FLOW_NOT_FOUND();
  const { pk, uuid, username } = requester;
  const context = { pending_user: { kind: 'account', pk, uuid, username } } as const;
  const page = await start({ tenant, flow, context, session, requester, client: clientOf(call) }).catch(
    (error: unknown) => {
      if (planErrors.FLOW_NOT_APPLICABLE.is(error)) throw planErrors.FLOW_NOT_FOUND();
      throw error;
    },
  );
  return go(call, page, true);
}

function go(call: Call, path: string, keepsQuery: boolean): Record<never, never> {
  const { query } = call.context.client;
  call.response.redirect(keepsQuery && query !== '' ? `${path}?${query}` : path);
  return {};
}
