import type { EntityManager, SecretBox } from '@postern/database';
import type { directory } from '@postern/proto';
import { createFlowReader, type FlowReader } from '../flows/index.ts';
import {
  createRoute,
  type FlowFacts,
  type FlowRequest,
  type Plan,
  type PlanContext,
  type PolicyPort,
  policyRequest,
  type Route,
  type StageKinds,
  type StageRecord,
} from '../plans/index.ts';
import { type Hand, handsOf } from './hand.repository.ts';
import { type Passage, passageOf, passwordStageOf } from './stage.passage.ts';

/** Whether an administrator gets in, or what is in the way. */
export type SignInVerdict = { readonly possible: boolean; readonly problem: string };

/** Walks through the flow of the default brand for administrators, on the data of a transaction. */
export type SignInWalk = (
  em: EntityManager,
  tenant: string,
  administrators: directory.Administrators,
) => Promise<SignInVerdict>;

/** What walking needs. */
export type SignInWalkDeps = {
  readonly secrets: SecretBox;
  readonly kinds: StageKinds;
  /** Policies on the data of a transaction, asked about people with these groups. */
  readonly rehearse: (
    em: EntityManager,
    groupsOf: (tenant: string, user: number) => Promise<readonly string[]>,
  ) => PolicyPort;
  readonly ids: () => string;
};

/** Administrators that are walked for: where none of them gets in, the next hardly would. */
const WALKS = 5;
/** Stages at most: a policy may add some. */
const STEPS = 100;

/** Creates the walk. It stops at the first administrator who gets in; else it tells what was in the way of the first. */
export function createSignInWalk(deps: SignInWalkDeps): SignInWalk {
  return async (em, tenant, { administrators, flow: named }) => {
    const groups = new Map(administrators.map(({ user, groups }) => [user?.pk, groups]));
    const policies = deps.rehearse(em, async (_tenant, user) => groups.get(user) ?? []);
    const reader = createFlowReader({
      read: (_scope, work) => work(em),
      statement: <Result extends object>(_scope: object | undefined, sql: string, values: readonly unknown[]) =>
        em.execute<Result[]>(sql, [...values]),
      secrets: deps.secrets,
    });
    const hands = await handsOf(
      em,
      administrators.flatMap(({ user }) => user ?? []),
    );
    if (hands.length === 0) return refused('there is no active administrator.');
    const flow = await flowOf(reader, policies, tenant, named);
    if (flow === undefined) return refused('there is no flow to sign in with.');
    const route = createRoute({ catalog: reader, kinds: deps.kinds, policies, ids: deps.ids });
    const problems: string[] = [];
    const able = hands.toSorted((one, other) => rank(one) - rank(other));
    for (const hand of able.slice(0, WALKS)) {
      const problem = await walk(route, reader, flow, hand, requestFor(tenant, flow));
      if (problem === undefined) return { possible: true, problem: '' };
      problems.push(problem);
    }
    return refused(problems[0] ?? '');
  };
}

/** Those with a password first, those with a device next. */
function rank({ hasPassword, devices }: Hand): number {
  return hasPassword ? 0 : devices.length > 0 ? 1 : 2;
}

function refused(problem: string): SignInVerdict {
  return { possible: false, problem };
}

/** The flow that the brand names, else the first whose policies let somebody unknown pass: as signing in chooses it. */
async function flowOf(
  reader: FlowReader,
  policies: PolicyPort,
  tenant: string,
  named: string | undefined,
): Promise<FlowFacts | undefined> {
  const flow = named === undefined ? undefined : await reader.findByPk(tenant, named);
  if (flow !== undefined) return flow;
  for (const candidate of await reader.byDesignation(tenant, 'authentication')) {
    const request = requestFor(tenant, candidate);
    const { passing } = await policies.evaluate(policyRequest(candidate.policyTarget, candidate, request, {}));
    if (passing) return candidate;
  }
  return undefined;
}

/** The first request of somebody who is not signed in, from an address that nobody has (RFC 5737). */
function requestFor(tenant: string, { slug }: FlowFacts): FlowRequest {
  const path = `/api/v3/flows/executor/${slug}/`;
  const client = { address: '192.0.2.1', userAgent: '', scheme: 'https', host: '', requestId: '', method: 'GET', path };
  return { tenant, slug, method: 'GET', url: path, query: '', client };
}

/** What is in the way of somebody; undefined when they get in. */
async function walk(
  route: Route,
  reader: FlowReader,
  flow: FlowFacts,
  hand: Hand,
  request: FlowRequest,
): Promise<string | undefined> {
  const planned = await route.plan(flow, { ...request, context: {} });
  if (planned.kind === 'not_applicable') return `the flow “${flow.slug}” lets nobody in: ${planned.message}`;
  let { plan } = planned;
  for (let step = 0; step < STEPS; step += 1) {
    const reached = await route.reach(flow, plan, request);
    if (reached.kind === 'done') break;
    if (reached.kind === 'blocked') return `a policy in the flow “${flow.slug}” cannot be evaluated.`;
    const passage = await passed(reader, reached.stage, hand, reached.plan.context, request.tenant);
    if (passage === 'signed in') return undefined;
    if ('problem' in passage) return passage.problem;
    plan = beyond(reached.plan, passage);
  }
  return `the flow “${flow.slug}” ends before anybody is signed in.`;
}

/** What comes of a stage; of one that asks for the password, too, what comes of both. */
async function passed(
  reader: Pick<FlowReader, 'findStage'>,
  stage: StageRecord,
  hand: Hand,
  context: PlanContext,
  tenant: string,
): Promise<Passage> {
  const passage = passageOf(stage, hand, context);
  const key = passwordStageOf(stage);
  if (key === undefined || passage === 'signed in' || 'problem' in passage) return passage;
  const { name } = stage;
  const password = (await reader.findStage(tenant, key)) ?? { pk: key, name, kind: 'password', settings: {} };
  return passageOf(password, hand, context);
}

function beyond(plan: Plan, { context }: Exclude<Passage, 'signed in' | { problem: string }>): Plan {
  return { ...plan, steps: plan.steps.slice(1), context: { ...plan.context, ...context } };
}
