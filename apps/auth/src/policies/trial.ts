import type { api } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { PolicyEngine } from './engine.ts';
import type { PolicyRow } from './policy.entity.ts';
import type { PolicyPerson } from './policy.person.ts';

/** Tries a policy on somebody. Nothing is told to the audit log, and what it would change in a plan is forgotten. */
export type PolicyTrial = (
  policy: PolicyRow,
  person: PolicyPerson,
  context: Readonly<Record<string, unknown>>,
  call: Call,
) => Promise<api.PolicyTestResult>;

/** Creates the trial. */
export function createTrial(engine: Pick<PolicyEngine, 'decide'>): PolicyTrial {
  return async ({ pk, kind, name, settings }, { uuid, username, ...person }, context, call) => {
    const policy = { pk, kind, name, logging: false, settings };
    const bound = { binding: '', order: 0, policy, group: null, user: null, timeout: secondsLeft(call) };
    const user = { kind: 'account' as const, pk: person.pk, uuid, username };
    const { tenant, client, requestId } = call.context;
    const where = { ...client, requestId };
    const question = {
      tenant,
      target: '',
      mode: 'any',
      user,
      context,
      query: '',
      client: where,
      isTrial: true,
    } as const;
    const [decision] = await engine.decide([{ question, bound: [{ ...bound, negate: false, failureResult: false }] }]);
    const log = decision?.findings.flatMap((finding) => finding.log) ?? [];
    return {
      passing: decision?.passing ?? false,
      messages: decision?.findings.flatMap(({ messages, error }) => (error === undefined ? messages : [error])) ?? [],
      log_messages: log.map((line) => ({ ...line })),
    };
  };
}

/** Time for the policy, so that an answer about it still arrives. */
function secondsLeft({ deadline }: Call): number {
  return Math.max(1, Math.floor((deadline - Date.now()) / 1000) - 1);
}
