import {
  type ExpressionPeople,
  HostFunctionError,
  type HostFunctions,
  type Kept,
  peopleFunctions,
} from '@postern/expressions';
import type { StoredPolicy } from '../../plans/index.ts';
import type { PolicyQuestion, PolicyResult, PolicyRun } from '../policy.question.ts';

/** What the helper functions of expressions reach. */
export type HostDeps = {
  readonly people: ExpressionPeople;
  /** Whether somebody has a confirmed device; of a class, when one is given. */
  readonly hasDevice: (
    tenant: string,
    user: number,
    deviceClass: 'static' | 'totp' | 'duo' | 'webauthn' | 'sms' | null,
  ) => Promise<boolean>;
  /** A policy by its name. */
  readonly policyNamed: (tenant: string, name: string) => Promise<StoredPolicy | undefined>;
  /** Asks a policy, with a context of the caller's. */
  readonly ask: (policy: StoredPolicy, question: PolicyQuestion, run: PolicyRun) => Promise<PolicyResult>;
  /** Writes an event that an expression asks for. */
  readonly record: (
    policy: StoredPolicy,
    question: PolicyQuestion,
    event: { action: string; context: { readonly [key: string]: Kept } },
  ) => Promise<void>;
};

/** The helper functions, for one evaluation. */
export function hostFunctions(
  deps: HostDeps,
  policy: StoredPolicy,
  question: PolicyQuestion,
  run: PolicyRun,
): HostFunctions {
  const { people, hasDevice, policyNamed, ask, record } = deps;
  const { tenant } = question;
  return {
    ...peopleFunctions(people, tenant),
    ak_user_has_authenticator: ({ user, device_type }) => hasDevice(tenant, user, device_type),
    ak_call_policy: async ({ name, context }) => {
      const called = await policyNamed(tenant, name);
      if (called === undefined) throw new HostFunctionError(`Policy '${name}' not found.`);
      const { passing, messages = [], changes } = await ask(called, { ...question, context }, run);
      return { passing, messages, changes };
    },
    ak_create_event: async (event) => {
      if (question.isTrial !== true) await record(policy, question, event);
    },
  };
}
