import type { auth } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { NoticeEvent } from '../transports/index.ts';

/** What rules ask the login service about policies. */
export type Policies = {
  /** Which of these rules each event meets: those with a binding that lets it pass. Answers for all events, or the first so many; one at least. */
  matching(
    tenant: string,
    rules: readonly string[],
    events: readonly NoticeEvent[],
    signal?: AbortSignal,
  ): Promise<ReadonlySet<string>[]>;
  /** Whether a policy is bound to one of these rules. */
  isBound(tenant: string, policy: string, rules: readonly string[], signal?: AbortSignal): Promise<boolean>;
};

type Deps = {
  evaluation: Client<typeof auth.PolicyEvaluationServiceDefinition>;
  bindings: Pick<Client<typeof auth.PolicyBindingServiceDefinition>, 'listPolicyBindings'>;
};

const BATCH = 500;
/** Policies may be programs, and many. */
const DEADLINE_MS = 60_000;

/** Creates the view of rules on policies. */
export function createPolicies({ evaluation, bindings }: Deps): Policies {
  return {
    async matching(tenant, rules, events, signal) {
      let met = events.map(() => new Set<string>());
      for (const targets of batchesOf(rules)) {
        const cases = events.slice(0, met.length).map(caseOf);
        const options = { signal, deadlineMs: DEADLINE_MS };
        const { matches } = await evaluation.match({ targets, cases }, asService(tenant), options);
        if (matches.length === 0) throw new Error('auth answered about no event');
        met = met.slice(0, matches.length);
        for (const [at, match] of matches.entries()) for (const target of match.targets) met[at]?.add(target);
      }
      return met;
    },
    async isBound(tenant, policy, rules, signal) {
      for (const target_in of batchesOf(rules)) {
        const request = { policy, target_in, page_size: 1 };
        const { results } = await bindings.listPolicyBindings(request, asService(tenant), { signal });
        if (results.length > 0) return true;
      }
      return false;
    },
  };
}

function batchesOf(keys: readonly string[]): string[][] {
  const count = Math.ceil(keys.length / BATCH);
  return Array.from({ length: count }, (_, index) => keys.slice(index * BATCH, (index + 1) * BATCH));
}

/** Largest key of a user. */
const LARGEST_KEY = 2 ** 31 - 1;

/** Whose event it is; undefined for nobody. Who may write events may write anything there. */
function userOf({ user: { pk } }: NoticeEvent): number | undefined {
  return typeof pk === 'number' && Number.isInteger(pk) && pk > 0 && pk <= LARGEST_KEY ? pk : undefined;
}

/** An event as policies look at it. */
function caseOf(given: NoticeEvent): auth.PolicyCase {
  const { pk, action, app, user, context, clientIp, created } = given;
  const event = { pk, action, app, user, context, client_ip: clientIp ?? null, created: created.toISOString() };
  return { user_pk: userOf(given), context: { event } };
}
