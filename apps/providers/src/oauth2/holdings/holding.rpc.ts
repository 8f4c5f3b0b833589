import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { holdings } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { AnnounceLogout } from '../logout/index.ts';
import type { Clock } from '../ports.ts';
import { revokeGrantsOf } from '../tokens/index.ts';

/** What ending holdings needs. */
export type HoldingDeps = {
  readonly db: Pick<Database, 'write'>;
  readonly clock: Clock;
  /** Tells clients that the sessions of a user are over. */
  readonly announce: AnnounceLogout;
};

/** Revokes what a user gave to applications. What ended since they may not sign in any more is counted, too, whoever revoked it. */
export function createHoldingRpc({ db, clock, announce }: HoldingDeps): BoundService {
  return bind(holdings.HoldingServiceDefinition, {
    endHoldings: ({ user, since }, { context }) =>
      db.write(context, async (em) => {
        if (since === undefined) throw common.INVALID_ARGUMENT();
        const now = clock.now();
        await announce(em, { user }, now);
        await revokeGrantsOf(em, { user }, now);
        const count = await countRevoked(em, user, new Date(since));
        return { ended: count > 0 ? [{ kind: 'oauth_grants', count }] : [] };
      }),
  });
}

async function countRevoked(em: EntityManager, user: number, since: Date): Promise<number> {
  const sql = 'select count(*)::int as count from oauth2_grant where user_pk = ? and revoked >= ?';
  const [row] = await em.execute<{ count: number }[]>(sql, [user, since]);
  return row?.count ?? 0;
}
