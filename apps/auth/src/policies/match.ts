import type { Database } from '@postern/database';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { BoundPolicy, PendingUser } from '../plans/index.ts';
import { boundToAll } from './bound.repository.ts';
import type { PolicyEngine } from './engine.ts';
import { asUser, type PolicyPerson } from './policy.person.ts';

/** What asking needs. */
export type MatchDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly engine: Pick<PolicyEngine, 'decide'>;
  /** Somebody by key; undefined when they are gone. */
  readonly personOf: (pk: number, call: Call) => Promise<PolicyPerson | undefined>;
};

/** How long cases are begun for: what comes after it is asked about again, so that slow policies keep nobody from an answer. Milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Asks the policies bound to some targets about many cases, one after the other: a hundred programs at once would be refused. What is bound
 * is read once. Answers at least one case, and fewer than asked when time runs out.
 */
export async function matchAll(
  { db, engine, personOf }: MatchDeps,
  targets: readonly string[],
  cases: readonly auth.PolicyCase[],
  call: Call,
): Promise<auth.MatchPoliciesResponse> {
  const { tenant, client } = call.context;
  const found = await db.read(call.context, (em) => boundToAll(em, targets));
  const guarded = found
    .map(({ target, bound }, index) => ({ key: targets[index] ?? '', target, bound }))
    .filter(({ bound }) => bound.length > 0);
  const isPersonal = guarded.some(({ bound }) => bound.some(looksAtPerson));
  const people = new Map<number, Promise<PendingUser | undefined>>();
  const known = (pk: number) => {
    const person = people.get(pk) ?? personOf(pk, call).then(asUser);
    people.set(pk, person);
    return person;
  };
  const end = performance.now() + PATIENCE_MS;
  const matches: auth.PolicyMatch[] = [];
  for (const { user_pk, context = {} } of cases) {
    if (matches.length > 0 && (performance.now() > end || call.signal.aborted)) break;
    const user = isPersonal && user_pk !== undefined ? await known(user_pk) : undefined;
    const shared = { tenant, user, context, mode: 'any', query: '', client } as const;
    const decisions = await engine.decide(
      guarded.map(({ target, bound }) => ({ question: { ...shared, target }, bound })),
    );
    matches.push({ targets: guarded.filter((_, index) => decisions[index]?.passing).map(({ key }) => key) });
  }
  return { matches };
}

/** Whether it matters whom a case is about. An event matcher looks at the event alone, unless its executions are told. */
function looksAtPerson({ policy }: BoundPolicy): boolean {
  return policy?.kind !== 'event_matcher' || policy.logging;
}
