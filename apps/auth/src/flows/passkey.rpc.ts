import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import {
  headOf,
  type JsonObject,
  type LoadedFlow,
  type PlanStore,
  planErrors,
  type StageVisit,
  withHead,
} from '../plans/index.ts';
import type { PasskeyOffers } from '../stages/index.ts';
import type { FlowReader } from './catalog.repository.ts';
import { clientOf, requesterOf, sessionOf } from './flow.call.ts';

/** What offering passkeys needs. */
export type PasskeyRpcDeps = {
  readonly reader: Pick<FlowReader, 'load'>;
  readonly plans: Pick<PlanStore, 'advance'>;
  readonly offers: PasskeyOffers;
};

/** Serves the pages that offer passkeys while somebody says who they are. Whatever is missing, the answer is the same. */
export function createPasskeyRpc({ reader, plans, offers }: PasskeyRpcDeps): BoundService {
  return bind(auth.FlowPasskeyServiceDefinition, {
    offerPasskey: async ({ flow_slug }, call) => {
      const { tenant } = call.context;
      const session = sessionOf(call);
      const loaded = session === undefined ? undefined : await reader.load(tenant, flow_slug, session);
      const visit = loaded && visitOf(loaded, call);
      const offer = visit && (await offers(visit));
      if (loaded?.stored === undefined || offer === undefined) throw planErrors.FLOW_NOT_FOUND();
      const plan = withHead(loaded.stored.plan, { memory: offer.memory });
      // Whoever answered meanwhile stands elsewhere by now.
      if ((await plans.advance(tenant, loaded.stored, { plan })) === undefined) throw planErrors.FLOW_NOT_FOUND();
      call.response.header('cache-control', 'no-store');
      return { options: offer.options };
    },
  });
}

/** The stage where a session stands, if its challenge was shown. A plan that a service waits for is gone through to its own end. */
function visitOf({ flow, stored, head }: LoadedFlow, call: Call): StageVisit<JsonObject> | undefined {
  const step = stored && headOf(stored.plan);
  const stage = head?.stage;
  if (stored === undefined || step?.shown !== true || stage === undefined) return undefined;
  if (stored.plan.completion !== undefined) return undefined;
  const { context } = stored.plan;
  const client = clientOf(call);
  const { path: url = '', query = '' } = client;
  const request = { tenant: call.context.tenant, slug: flow.slug, method: 'GET', url, query, client } as const;
  const { settings } = stage;
  const { session } = stored;
  return {
    ...{ stage, settings, step: step.id, flow, context, memory: step.memory, session },
    request: { ...request, session, requester: requesterOf(call) },
  };
}
