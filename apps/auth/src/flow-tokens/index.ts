/**
 * Plans that wait behind a link: in a mail, or handed out by an administrator. The key in the link is stored as its keyed hash, works
 * once, for one flow, until it expires, and moves the plan into the session of whichever browser opens it. The plan holds no secret.
 */

import type { Database } from '@postern/database';
import type { FlowTransaction, Plan, PlanStore, StoredPlan } from '../plans/index.ts';
import { createTokenKeys } from '../tokens/index.ts';
import { flowTokensIn } from './flow-token.repository.ts';

export { FLOW_TOKEN_MIGRATIONS } from './flow-token.migrations.ts';

/** What flow tokens need. */
export type FlowTokenDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly plans: Pick<PlanStore, 'place'>;
  readonly clock: () => Date;
  /** The installation's secrets: the first hashes new keys, all are looked up by. */
  readonly secrets: readonly string[];
};

/** A link to be made. */
export type NewFlowToken = {
  /** Name, unique within the tenant: a token of the same name gives way to this one. */
  readonly identifier: string;
  /** Tokens of a family end together when one of them is used. */
  readonly family: string;
  /** Whom the plan is about; the account is kept already. */
  readonly user: number;
  readonly plan: Plan;
  /** Step that only this link may pass. Unset: every step that waits for a link. */
  readonly step?: string;
  readonly expires: Date;
};

/** Flow tokens, wired. */
export type FlowTokens = {
  /** Makes a token in the caller's transaction and answers its key, which nothing else knows. */
  readonly issue: (tx: FlowTransaction, token: NewFlowToken) => Promise<string>;
  /** Uses a token of a flow up and puts its plan into a session. Undefined, and nothing changed, for a key that opens nothing. */
  readonly restore: (
    tenant: string,
    asked: { readonly key: string; readonly flow: string; readonly session: string },
  ) => Promise<StoredPlan | undefined>;
};

/** Longest text that is looked up as a key. */
const LONGEST_KEY = 255;

/** Creates flow tokens. */
export function createFlowTokens({ database, plans, clock, secrets }: FlowTokenDeps): FlowTokens {
  const keys = createTokenKeys(secrets, 'flow-token');
  return {
    issue: async (tx, { step, ...token }) => {
      const key = keys.generate();
      await flowTokensIn(tx).put({ ...token, step: step ?? null, keyHash: keys.hash(key) });
      return key;
    },
    restore: (tenant, { key, flow, session }) =>
      database.write({ tenant }, async (em) => {
        const taken =
          key.length > LONGEST_KEY ? undefined : await flowTokensIn(em).take(keys.hashes(key), flow, clock());
        if (taken === undefined) return undefined;
        const { plan, user, identifier, step } = taken;
        const is_restored = { user, identifier, ...(step === null ? {} : { step }) };
        return plans.place(em, session, { ...unseen(plan), context: { ...plan.context, is_restored } });
      }),
  };
}

/** The plan as if its challenge had never been shown: in this browser it was not. */
function unseen(plan: Plan): Plan {
  const [head, ...rest] = plan.steps;
  return head === undefined ? plan : { ...plan, steps: [{ ...head, shown: false }, ...rest] };
}
