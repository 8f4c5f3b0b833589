/** A policy that an administrator wrote in Python. Managed texts are evaluated natively, all others by the expression engine. */

import type { PosternError } from '@postern/errors';
import { type SettingsOf, type StoredPolicy, textSetting } from '../../plans/index.ts';
import type { PolicyFamily, PolicyKind } from '../policy.model.ts';
import type { PolicyQuestion, PolicyResult, PolicyRun } from '../policy.question.ts';
import type { NativeFinder } from './native.ts';

export { type NativeFinder, type NativePolicy, nativeFinder } from './native.ts';

const settings = { expression: textSetting('') };

/** Settings of an expression policy. */
export type ExpressionSettings = SettingsOf<typeof settings>;

export const expressionFamily: PolicyFamily<ExpressionSettings> = {
  model: {
    kind: 'expression',
    model: 'authentik_policies_expression.expressionpolicy',
    verboseName: 'Expression Policy',
    verboseNamePlural: 'Expression Policies',
    component: 'ak-policy-expression-form',
  },
  type: 'postern.auth.v1.ExpressionPolicy',
  settings,
};

/** The engine that runs expressions. */
export type PolicyExpressions = {
  /** Throws `PolicyFailed` for an error of the expression. */
  readonly run: (
    expression: string,
    question: PolicyQuestion,
    run: PolicyRun,
    policy: StoredPolicy,
  ) => Promise<PolicyResult>;
  /** The refusal of a text that is no expression; undefined for one that is. */
  readonly check: (expression: string, tenant: string) => Promise<PosternError | undefined>;
};

/** Creates the kind. */
export function createExpressionPolicy(deps: {
  native: NativeFinder;
  expressions: PolicyExpressions;
}): PolicyKind<ExpressionSettings> {
  const { native, expressions } = deps;
  return {
    family: expressionFamily,
    evaluate: ({ expression }, question, run, policy) =>
      native(expression)?.(question) ?? expressions.run(expression, question, run, policy),
    check: async ({ expression }, { tenant }) =>
      native(expression) === undefined ? expressions.check(expression, tenant) : undefined,
  };
}
