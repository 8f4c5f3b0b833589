import type { EntityManager } from '@postern/database';
import type { Plan } from '../plans/index.ts';

/** A token as it is stored. */
export type StoredFlowToken = {
  readonly identifier: string;
  /** Tokens that stand for the same step of the same plan: using one ends all. */
  readonly family: string;
  readonly keyHash: string;
  readonly user: number;
  /** Step of the plan that waits for the link; null where whoever holds the link has proved what any such step asks for. */
  readonly step: string | null;
  readonly plan: Plan;
  readonly expires: Date;
};

/** A token that was used up. */
export type TakenFlowToken = Pick<StoredFlowToken, 'identifier' | 'user' | 'step' | 'plan'>;

// Rows are locked in one order, whichever link of a family comes first: of two at once the other one finds nothing left.
const TAKE = `with family as (
    select pk from flow_token
    where family = (select family from flow_token where key_hash in (MARKS) and flow = ? and expires > ?)
    order by pk for update
  ), gone as (
    delete from flow_token where pk in (select pk from family)
    returning key_hash, identifier, user_pk, step, plan
  )
  select identifier, user_pk as "user", step, plan from gone where key_hash in (MARKS)`;

/** The flow tokens of a transaction's tenant. */
export function flowTokensIn(em: EntityManager) {
  return {
    /** Stores a token; in place of the one of the same identifier, whose link is void from then on. */
    async put(token: StoredFlowToken): Promise<void> {
      const { identifier, family, keyHash, user, step, plan, expires } = token;
      await em.execute(
        `insert into flow_token (pk, identifier, family, key_hash, user_pk, flow, step, plan, expires)
         values (gen_random_uuid(), ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
         on conflict (tenant_id, identifier) do update
         set family = excluded.family, key_hash = excluded.key_hash, user_pk = excluded.user_pk, flow = excluded.flow,
             step = excluded.step, plan = excluded.plan, expires = excluded.expires, created = now(), updated = now()`,
        [identifier, family, keyHash, user, plan.flow, step, JSON.stringify(plan), expires],
      );
    },
    /** Uses a token up, and its family with it: one statement, so that a link works once however many open it at once. */
    async take(keyHashes: readonly string[], flow: string, now: Date): Promise<TakenFlowToken | undefined> {
      const marks = keyHashes.map(() => '?').join(', ');
      const values = [...keyHashes, flow, now, ...keyHashes];
      const [taken] = await em.execute<TakenFlowToken[]>(TAKE.replaceAll('MARKS', marks), values);
      return taken;
    },
  };
}
