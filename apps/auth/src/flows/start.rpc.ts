import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import {
  type Completion,
  type FlowDesignation,
  type FlowFacts,
  type FlowStarter,
  type PlanContext,
  planErrors,
  type Requester,
  type SessionOpener,
  type SilentPasser,
  type StepStage,
} from '../plans/index.ts';
import type { FlowReader } from './catalog.repository.ts';
import { clientOf } from './flow.call.ts';
import type { FlowSelector } from './select.flow.ts';

/** Who is signed in to a session, and since when. */
export type SessionReader = {
  readonly find: (
    tenant: string,
    session: string,
    call: Call,
  ) => Promise<{ requester: Requester; since: Date } | undefined>;
};

/** What starting flows needs. */
export type StartRpcDeps = {
  readonly start: FlowStarter;
  readonly passSilently: SilentPasser;
  readonly reader: Pick<FlowReader, 'findFlow' | 'findByPk'>;
  readonly select: FlowSelector;
  readonly sessions: SessionReader & SessionOpener;
  readonly clock: () => Date;
};

const DESIGNATIONS: readonly FlowDesignation[] = [
  'authentication',
  'authorization',
  'invalidation',
  'enrollment',
  'unenrollment',
  'recovery',
  'stage_configuration',
];

/** Serves the services whose protocols need a person. */
export function createStartRpc(deps: StartRpcDeps): BoundService {
  const { start, passSilently, sessions, clock } = deps;
  return bind(auth.FlowServiceDefinition, {
    startFlow: async (request, call) => {
      const { tenant } = call.context;
      const flow = await flowOf(request, call, deps);
      const signedIn = request.session === '' ? undefined : await sessions.find(tenant, request.session, call);
      const signIn = mustSignIn(request, flow, signedIn?.since, clock())
        ? await signInFlow(request, call, deps)
        : undefined;
      const redirect = await start({
        tenant,
        flow,
        context: contextOf(request.context),
        completion: completionOf(request.completion),
        last: request.last_stage === '' ? [] : [inlineStage(request.last_stage)],
        next: request.next,
        session: request.session === '' ? await begin(call, sessions) : request.session,
        requester: signedIn?.requester,
        client: clientOf(call),
        signIn,
      });
      return { redirect };
    },
    passSilently: async (request, call) => {
      const { tenant } = call.context;
      const flow = await flowOf(request, call, deps);
      const signedIn = request.session === '' ? undefined : await sessions.find(tenant, request.session, call);
      if (!signedIn || mustSignIn(request, flow, signedIn.since, clock())) return { passed: false, asks: '' };
      const context = contextOf(request.context);
      const { requester } = signedIn;
      const { session } = request;
      const answer = await passSilently({ tenant, flow, context, session, requester, client: clientOf(call) });
      return answer.passed ? { passed: true, asks: '' } : answer;
    },
  });
}

/** A session for a browser that has none; its cookies go back to the service that answers the browser. */
async function begin(call: Call, sessions: SessionOpener): Promise<string> {
  const { key, cookies } = await sessions.open({ tenant: call.context.tenant, client: clientOf(call) });
  for (const cookie of cookies) call.response.cookie(cookie);
  return key;
}

async function flowOf(
  { pk, slug, designation }: auth.StartFlowRequest,
  call: Call,
  { reader, select }: StartRpcDeps,
): Promise<FlowFacts> {
  const { tenant } = call.context;
  const wanted = DESIGNATIONS.find((each) => each === designation);
  const key = pk ?? (wanted && (await select(wanted, call))?.pk);
  const found = slug === undefined ? key && (await reader.findByPk(tenant, key)) : await reader.findFlow(tenant, slug);
  if (!found) throw planErrors.FLOW_NOT_FOUND();
  return found;
}

/** Nobody is signed in, or they have to do it again: asked for, or too long ago. */
function mustSignIn({ context }: auth.StartFlowRequest, flow: FlowFacts, since: Date | undefined, now: Date): boolean {
  const needsSomebody = flow.authentication === 'require_authenticated' || flow.authentication === 'require_superuser';
  if (since === undefined) return needsSomebody;
  if (context?.prompts.includes('login') === true) return true;
  const age = context?.max_age;
  return age !== undefined && since.getTime() + age.seconds * 1000 < now.getTime();
}

/** The flow that the service names, as providers may; else the one of the brand. */
async function signInFlow(
  { authentication_flow: named }: auth.StartFlowRequest,
  call: Call,
  { select, reader }: StartRpcDeps,
): Promise<FlowFacts> {
  const own = named === undefined ? undefined : await reader.findByPk(call.context.tenant, named);
  const flow = own ?? (await select('authentication', call));
  if (flow === undefined) throw planErrors.FLOW_NOT_FOUND();
  return flow;
}

/** A stage that lives in one plan only. */
function inlineStage(kind: string): StepStage {
  return { kind: 'inline', name: kind, stage: kind, settings: {} };
}

function completionOf(target: auth.FlowCompletionTarget | undefined): Completion | undefined {
  return target && { service: target.service, reference: target.reference };
}

function contextOf(context: auth.FlowContext | undefined): PlanContext {
  if (context === undefined) return {};
  const { application, consent_header, consent_permissions, is_sso, prompts } = context;
  return {
    ...(application === undefined ? {} : { application }),
    ...(consent_header === '' ? {} : { consent_header }),
    consent_permissions: consent_permissions.map(({ id, name }) => ({ id, name })),
    is_sso,
    ...(prompts.includes('consent') ? { consent_always: true } : {}),
  };
}
