import type { EntityManager } from '@postern/database';
import type { auth } from '@postern/proto';
import type { Cookie } from '@postern/rpc';
import type { Challenge } from './challenge.ts';
import type { BoundPolicy, FlowFacts, FlowOutline } from './flow.facts.ts';
import type { FlowClient, FlowRequest } from './flow.request.ts';
import type { ContextPatch, PendingUser, PlanContext } from './plan.context.ts';
import type { Completion, Plan, PolicyMode, StepStage } from './plan.ts';
import type { StageRecord } from './stage.record.ts';

/** The transaction that advances a plan. */
export type FlowTransaction = EntityManager;

/** The session with which the browser goes on, and the cookies that tell it so. */
export type SessionGrant = { readonly key: string; readonly cookies: readonly Cookie[] };

/** What policies are asked. */
export type PolicyRequest = {
  readonly tenant: string;
  /** What the policies are bound to. */
  readonly target: string;
  readonly mode: PolicyMode;
  readonly flow: string;
  /** Whom it is about; undefined for a visitor who is nobody yet. */
  readonly user: PendingUser | undefined;
  readonly context: PlanContext;
  /** Query string of the page. */
  readonly query: string;
  readonly client: FlowClient;
  /** What is bound to the target, where it was read already. */
  readonly bound?: readonly BoundPolicy[];
};

/** What policies say. */
export type PolicyVerdict = {
  readonly passing: boolean;
  readonly messages: readonly string[];
  /** A policy could not be evaluated: nobody may pass, and no stage may be skipped for it. */
  readonly unevaluated: boolean;
  /** What the policies change in the plan. */
  readonly context?: ContextPatch;
  /** What each binding said, for administrators. */
  readonly trace?: readonly auth.PolicyTrace[];
};

/** The policy engine, as flows see it. */
export type PolicyPort = {
  /** Asks the policies bound to a target. Nothing bound passes. */
  readonly evaluate: (request: PolicyRequest) => Promise<PolicyVerdict>;
};

/** The first step of a plan as the catalog found it together with the plan. */
export type LoadedStep = { readonly id: string; readonly stage?: StageRecord; readonly bound: readonly BoundPolicy[] };

/** The step after the first one, as the catalog found it. */
export type NextStep = { readonly id: string; readonly stage?: StageRecord; readonly hasPolicies: boolean };

/** What a request needs to know of its flow, read at once. */
export type LoadedFlow = {
  readonly flow: FlowFacts;
  /** The plan of the session, when it is one of this flow. */
  readonly stored?: StoredPlan;
  /** The first step of that plan. */
  readonly head?: LoadedStep;
  /** The step after it. */
  readonly next?: NextStep;
  /** Where the session has no plan of this flow: what one is made of. */
  readonly outline?: Omit<FlowOutline, 'flow'>;
};

/** Flows and stages by their keys. */
export type FlowCatalog = {
  readonly load: (tenant: string, slug: string, session: string | undefined) => Promise<LoadedFlow | undefined>;
  readonly findFlow: (tenant: string, slug: string) => Promise<FlowFacts | undefined>;
  /** What plans of a flow are made of. */
  readonly outlineOf: (tenant: string, flow: string) => Promise<Omit<FlowOutline, 'flow'>>;
  readonly findStage: (tenant: string, pk: string) => Promise<StageRecord | undefined>;
};

/** A plan and where it stands. */
export type StoredPlan = {
  readonly id: string;
  readonly session: string;
  /** How often it was stored; 0 for one that was not yet. */
  readonly version: number;
  readonly plan: Plan;
};

/** What a change of a plan leaves behind. */
export type PlanChange = {
  /** The plan from now on; undefined when it is over. */
  readonly plan: Plan | undefined;
  /** The session that holds it from now on. */
  readonly session?: SessionGrant;
};

/** What happens in the transaction that advances a plan. */
export type PlanWork = (tx: FlowTransaction) => Promise<PlanChange>;

/** Plans of browser sessions, one each. */
export type PlanStore = {
  readonly find: (tenant: string, session: string) => Promise<StoredPlan | undefined>;
  /** A plan for a session that is not stored yet: it is with its first advance, in place of the one that the session had. */
  readonly begin: (session: string, plan: Plan) => StoredPlan;
  /** Puts a plan into a session, in place of the one it had. */
  readonly put: (tenant: string, session: string, plan: Plan) => Promise<StoredPlan>;
  /** The same, in the caller's transaction. */
  readonly place: (tx: FlowTransaction, session: string, plan: Plan) => Promise<StoredPlan>;
  /**
   * Advances a plan if nobody advanced it since it was read; with `work`, in one transaction with whatever that does. Undefined when
   * somebody did: nothing changed, and `work` did not run.
   */
  readonly advance: (
    tenant: string,
    stored: StoredPlan,
    change: PlanChange | PlanWork,
  ) => Promise<PlanChange | undefined>;
};

/** Plans that wait behind a link. */
export type PlanLinks = {
  /** Uses the key of a link up and puts its plan into a session. Undefined, and nothing changed, for a key that opens no plan of this flow. */
  readonly restore: (
    tenant: string,
    asked: { readonly key: string; readonly flow: string; readonly session: string },
  ) => Promise<StoredPlan | undefined>;
};

/** Sessions that nobody has signed in to yet. */
export type SessionOpener = {
  readonly open: (request: Pick<FlowRequest, 'tenant' | 'client'>) => Promise<SessionGrant>;
};

/** Where a flow ended. Who is signed in is read from the session of that moment, not from the plan. */
export type CompletionFacts = {
  readonly tenant: string;
  readonly session: string;
  /** Ids of the permissions that were consented to. */
  readonly consented: readonly string[];
  /** The person left the flow: nothing comes of it. */
  readonly declined?: boolean;
};

/** What comes after a flow that a service waited for. */
export type CompletionOutcome =
  /** A redirect, or a form that submits itself. */
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  /** A page that stays, in this session: a stage that ends the way. */
  | { readonly kind: 'stage'; readonly stage: StepStage };

/** Tells the service that started a flow that it is done. */
export type CompletionPort = {
  readonly complete: (completion: Completion, facts: CompletionFacts) => Promise<CompletionOutcome>;
};
