import type { PosternError } from '@postern/errors';
import type { FamilyModel } from '../families/index.ts';
import { readSettings, type SettingsSchema, type StoredPolicy } from '../plans/index.ts';
import type { PolicyEvaluator, PolicyQuestion, PolicyResult, PolicyRun } from './policy.question.ts';

/** What the API calls a kind of policy. */
export type PolicyModel = FamilyModel;

/** A kind of policy as the API and the store see it. */
export type PolicyFamily<S extends object> = {
  readonly model: PolicyModel;
  /** Full name of its message. */
  readonly type: string;
  readonly settings: SettingsSchema<S>;
};

/** How a kind of policy decides. */
export type PolicyKind<S extends object> = {
  readonly family: PolicyFamily<S>;
  readonly evaluate: (
    settings: S,
    question: PolicyQuestion,
    run: PolicyRun,
    policy: StoredPolicy,
  ) => Promise<PolicyResult>;
  /** What is wrong with settings that the proto's rules let pass. */
  readonly check?: (
    settings: S,
    about: CheckedSettings,
  ) => Promise<PosternError | undefined> | PosternError | undefined;
};

/** What settings are checked with. */
export type CheckedSettings = { readonly tenant: string };

/** A kind of policy as the engine sees it: settings are read on the way in. */
export type EvaluablePolicy = {
  readonly kind: string;
  readonly evaluatorOf: (policy: StoredPolicy) => PolicyEvaluator;
};

/** A kind as the engine sees it. */
export function evaluable<S extends object>({ family, evaluate }: PolicyKind<S>): EvaluablePolicy {
  return {
    kind: family.model.kind,
    evaluatorOf: (policy) => (question, run) =>
      evaluate(readSettings(family.settings, policy.settings), question, run, policy),
  };
}
