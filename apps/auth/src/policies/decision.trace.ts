import type { auth } from '@postern/proto';
import type { BoundPolicy } from '../plans/index.ts';
import type { Finding } from './evaluate.ts';

/** What each binding said, in their order: for administrators alone, since it tells what went wrong. */
export type DecisionTrace = readonly auth.PolicyTrace[];

/** What one binding said. */
export function traceOf({ binding, passing, outcome, messages, error, decided }: Finding): auth.PolicyTrace {
  return {
    binding: binding.binding,
    order: binding.order,
    ...subjectOf(binding),
    passing,
    outcome,
    negated: binding.negate,
    messages: error === undefined ? [...messages] : [error],
    decided,
  };
}

function subjectOf({ policy, group, user }: BoundPolicy): Pick<auth.PolicyTrace, 'kind' | 'subject' | 'name'> {
  if (policy !== null) return { kind: 'policy', subject: policy.pk, name: policy.name };
  if (group !== null) return { kind: 'group', subject: group, name: '' };
  return { kind: 'user', subject: String(user ?? ''), name: '' };
}
