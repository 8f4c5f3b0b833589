import { createHash } from 'node:crypto';
import type { Database } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import {
  type FlowStarter,
  type PassedStep,
  type Plan,
  type PlanStore,
  planErrors,
  type SessionOpener,
} from '../plans/index.ts';
import { bindingsInFull } from './binding.rpc.ts';
import type { FlowReader } from './catalog.repository.ts';
import { maskedContext } from './context.mask.ts';
import { clientOf, requesterOf, sessionOf } from './flow.call.ts';
import { flowErrors } from './flow.errors.ts';

/** Sessions by their cookies. */
export type SessionNames = {
  /** Key of the session of a cookie; undefined for one that we did not make. */
  readonly named: (cookie: string) => Promise<string | undefined>;
};

/** What looking into flows needs. */
export type InspectorDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly reader: Pick<FlowReader, 'findFlow'>;
  readonly plans: Pick<PlanStore, 'find'>;
  readonly start: FlowStarter;
  readonly sessions: SessionOpener & SessionNames;
};

/** Serves those who build flows. */
export function createInspectorRpc(deps: InspectorDeps): BoundService {
  return bind(auth.FlowInspectorServiceDefinition, {
    inspectFlow: ({ flow_slug }, call) => inspect(flow_slug, call, deps),
    executeFlow: ({ slug }, call) => execute(slug, call, deps),
  });
}

/** The browser session of a caller, also of one who proves by a token who they are. */
async function ownSession(call: Call, sessions: SessionNames): Promise<string | undefined> {
  const { session } = call.context.client;
  return sessionOf(call) ?? (session === undefined ? undefined : await sessions.named(session));
}

async function inspect(
  slug: string,
  call: Call,
  { db, reader, plans, sessions }: InspectorDeps,
): Promise<auth.FlowInspection> {
  const { tenant } = call.context;
  const flow = await reader.findFlow(tenant, slug);
  if (flow === undefined) throw planErrors.FLOW_NOT_FOUND();
  const session = await ownSession(call, sessions);
  const stored = session === undefined ? undefined : await plans.find(tenant, session);
  if (stored?.plan.flow !== flow.pk) throw flowErrors.NO_PLAN_IN_SESSION();
  const { plan } = stored;
  const steps = [...(plan.passed ?? []), standing(plan)];
  const keys = steps.flatMap(({ binding, next }) => [binding ?? [], next ?? []].flat());
  const bindings = await db.read(call.context, (em) => bindingsInFull(keys, { em, call }));
  const session_id = createHash('sha256').update(`postern inspector ${stored.session}`).digest('hex');
  const shown = steps.map(({ binding = '', next = '', context }) => ({
    current_stage: bindings.get(binding) ?? BLANK,
    next_planned_stage: bindings.get(next) ?? BLANK,
    plan_context: maskedContext(context),
    session_id,
  }));
  return { plans: shown.slice(0, -1), current_plan: shown.at(-1), is_completed: plan.steps.length === 0 };
}

function standing({ steps: [head, next], context }: Plan): PassedStep {
  return { ...named('binding', head?.binding), ...named('next', next?.binding), context };
}

function named<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  const known: { [K in Key]?: string } = {};
  if (value !== undefined) known[key] = value;
  return known;
}

const BLANK = auth.FlowStageBinding.fromPartial({});

/** Plans a flow for the caller. Somebody with a token alone must be a superuser: a session that begins so can do more than the token. */
async function execute(slug: string, call: Call, { reader, start, sessions }: InspectorDeps): Promise<auth.Link> {
  const { tenant, principal } = call.context;
  const flow = await reader.findFlow(tenant, slug);
  if (flow === undefined) throw planErrors.FLOW_NOT_FOUND();
  if (principal.kind !== 'user' || !(requesterOf(call) !== undefined || principal.superuser)) {
    throw flowErrors.FLOW_NOT_EXECUTABLE({ message: 'A browser session is needed.' });
  }
  const { pk, uuid, username } = principal.user;
  const client = clientOf(call);
  const own = await ownSession(call, sessions);
  const opened = own === undefined ? await sessions.open({ tenant, client }) : undefined;
  for (const cookie of opened?.cookies ?? []) call.response.cookie(cookie);
  const requester = { pk, uuid, username, superuser: principal.superuser };
  const context = { pending_user: { kind: 'account', pk, uuid, username } } as const;
  const page = await start({ tenant, flow, context, session: own ?? opened?.key ?? '', requester, client }).catch(
    (error: unknown) => {
      if (!planErrors.FLOW_NOT_APPLICABLE.is(error)) throw error;
      throw flowErrors.FLOW_NOT_EXECUTABLE({ message: error.message });
    },
  );
  return { link: `${client.scheme}://${client.host}${page}` };
}
