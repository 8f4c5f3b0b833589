/**
 * The flow engine: plans and how a browser session walks through one. The planner decides who may enter and which stages are on the
 * way, the route asks policies again and reaches the next stage, the executor lets the stage ask or judge and records what came of it.
 * Nothing here knows a single kind of stage, and nothing here reaches the database but through its ports.
 *
 * A plan advances by one statement that names the version it was read at, in the transaction of everything that follows from the
 * answer: two answers at once, or one answer twice, never complete a stage twice.
 */

export {
  type AnswerField,
  type AnswerSchema,
  accepted,
  BLANK,
  type FieldError,
  type FieldResult,
  fieldError,
  flag,
  NULL,
  optional,
  REQUIRED,
  rejected,
  text,
} from './answer.schema.ts';
export {
  type Challenge,
  type FlowLayout,
  type ResponseErrors,
  redirectChallenge,
  type StageChallenge,
  shownName,
} from './challenge.ts';
export { createExecutor, type Executor } from './executor.ts';
export type { ExecutorDeps } from './finish.ts';
export type { FlowAnswer } from './flow.answer.ts';
export { planErrors, StageDenied, StageRefused } from './flow.errors.ts';
export type {
  BoundPolicy,
  DeniedAction,
  FlowAuthentication,
  FlowBinding,
  FlowDesignation,
  FlowFacts,
  FlowOutline,
  StoredPolicy,
} from './flow.facts.ts';
export {
  type FlowClient,
  type FlowRequest,
  type Impersonator,
  queryParameter,
  type Requester,
} from './flow.request.ts';
export { destination, flowPage } from './frame.ts';
export { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
export { localPath } from './next-url.ts';
export type { EffectResult, HandOver, StageEffect, StageOutcome } from './outcome.ts';
export type {
  ContextPatch,
  PasskeyProof,
  PendingApplication,
  PendingUser,
  Permission,
  PlanContext,
  RestoredBy,
} from './plan.context.ts';
export { createPlanRepository, type PlanRepositoryDeps } from './plan.repository.ts';
export type {
  Completion,
  InvalidResponseAction,
  NextFlow,
  PassedStep,
  Plan,
  PlanStep,
  PolicyMode,
  StepStage,
} from './plan.ts';
export { headOf, REDIRECT_STAGE, withHead } from './plan.ts';
export { IMPERSONATING, NOT_APPLICABLE, policyRequest, policyUser } from './planner.ts';
export type {
  CompletionFacts,
  CompletionOutcome,
  CompletionPort,
  FlowCatalog,
  FlowTransaction,
  LoadedFlow,
  PlanChange,
  PlanLinks,
  PlanStore,
  PolicyPort,
  PolicyRequest,
  PolicyVerdict,
  SessionGrant,
  SessionOpener,
  StoredPlan,
} from './ports.ts';
export { createRoute, type Route, type RouteDeps } from './route.ts';
export {
  choiceSetting,
  flagSetting,
  integerSetting,
  keySetting,
  listSetting,
  readSettings,
  type Setting,
  type SettingsOf,
  type SettingsSchema,
  textSetting,
} from './settings.ts';
export { createSilentPasser, type SilentFlow, type SilentPass, type SilentPasser } from './silent.ts';
export {
  defineStage,
  type StageDefinition,
  type StageKind,
  type StageKinds,
  type StageVisit,
  stageKinds,
} from './stage.kind.ts';
export type { StageRecord } from './stage.record.ts';
export { createFlowStarter, type FlowStart, type FlowStarter } from './start.ts';
