import { ModelObject, object, type UserFacts, userObject, type Value } from '@postern/expressions';
import { isJsonObject, type PlanContext } from '../../plans/index.ts';
import type { PolicyQuestion } from '../policy.question.ts';

/** What lies in a plan and is no business of an expression. */
const HIDDEN: ReadonlySet<string> = new Set([
  'new_password_hash',
  'redirect_next',
  'first_password_only',
  'pending_user',
  'application',
]);

/** What a policy is asked with, as expressions see it. `people` are the users whose keys the context names. */
export function contextOf(
  context: PolicyQuestion['context'],
  people: ReadonlyMap<number, UserFacts>,
): { readonly [key: string]: Value | undefined } {
  const plain = Object.entries(context)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => [key, asValue(value)]);
  return { ...Object.fromEntries(plain), ...objectsOf(context, people) };
}

/** The members that expressions know as objects. */
function objectsOf({ pending_user, application }: PolicyQuestion['context'], people: ReadonlyMap<number, UserFacts>) {
  return {
    ...(pending_user === undefined ? {} : { pending_user: userValue(pending_user, people) }),
    ...(isJsonObject(application) ? { application: object('application', membersOf(application)) } : {}),
  };
}

function userValue(pending: unknown, people: ReadonlyMap<number, UserFacts>): Value | undefined {
  if (!isPending(pending)) return asValue(pending);
  // Whoever typed a name that nobody answers to is known by that name only.
  if (pending.kind === 'unknown') return object('user', { ...NOBODY, username: pending.username });
  const known = people.get(pending.pk);
  return known && userObject({ ...known, backend: pending.backend });
}

const NOBODY = { pk: null, groups: [], is_active: false, attributes: {} };

function isPending(value: unknown): value is NonNullable<PlanContext['pending_user']> {
  return isJsonObject(value) && (value.kind === 'account' || value.kind === 'unknown');
}

function membersOf(value: object): { [key: string]: Value | undefined } {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asValue(one)]));
}

function asValue(value: unknown): Value | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof ModelObject || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((one) => asValue(one) ?? null);
  return typeof value === 'object' ? membersOf(value) : undefined;
}
