/**
 * The kinds of stages. A kind is a folder: its settings, what it asks, how it judges an answer. Stages never call stages, never write
 * HTTP and never touch the plan: each returns an outcome to the executor. To add a kind: write its folder, name it in `createStageKinds`.
 */

import { type StageKinds, stageKinds } from '../plans/index.ts';
import { type ConsentStageDeps, createConsentStage } from './consent/index.ts';
import { createDummyStage } from './dummy/index.ts';
import { createIdentificationStage } from './identification/index.ts';
import { createPasswordStage } from './password/index.ts';
import { createPromptStage } from './prompt/index.ts';
import type {
  PromptFields,
  PromptPolicies,
  StageAccounts,
  StageFacts,
  StageLinks,
  StagePasswords,
  StageSessions,
  UserDirectory,
} from './stage.ports.ts';
import { createUserLoginStage } from './user-login/index.ts';
import { createUserLogoutStage } from './user-logout/index.ts';
import { createUserWriteStage } from './user-write/index.ts';

export { createConsents } from './consent.repository.ts';
export { durationError, parseDuration } from './duration.ts';
export { PromptEntity } from './prompt.entity.ts';
export { createStageServices } from './services.ts';
export { StageEntity } from './stage.entity.ts';
export { modelOf, STAGE_FAMILIES, STAGE_LINKS } from './stage.families.ts';
export { type FlowSets, letGo, type StageMethodDeps } from './stage.methods.ts';
export type * from './stage.ports.ts';
export { STAGE_REFERABLES } from './stage.referable.ts';
export { headOf } from './stage.resource.ts';

/** What the stages of this server need, all kinds together; each takes its own part. */
export type StageDeps = Pick<ConsentStageDeps, 'consents' | 'clock' | 'ids'> & {
  readonly accounts: StageAccounts;
  readonly passwords: StagePasswords;
  readonly sessions: StageSessions;
  readonly directory: UserDirectory;
  readonly facts: StageFacts;
  readonly links: StageLinks;
  readonly prompts: PromptFields;
  readonly promptPolicies: PromptPolicies;
  /** Whether an error is the directory's refusal of what was asked, such as a name that is taken. */
  readonly isRefusal: (error: unknown) => boolean;
};

/** Creates every kind of stage. */
export function createStageKinds(deps: StageDeps): StageKinds {
  return stageKinds([
    createIdentificationStage(deps),
    createPasswordStage(deps),
    createUserLoginStage(deps),
    createUserLogoutStage(deps),
    createConsentStage(deps),
    createPromptStage({ ...deps, policies: deps.promptPolicies }),
    createUserWriteStage(deps),
    createDummyStage(),
  ]);
}
