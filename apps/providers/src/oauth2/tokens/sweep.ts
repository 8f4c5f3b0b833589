import type { Database } from '@postern/database';
import type { Clock } from '../ports.ts';

/** Forgets what nobody can use any more, now and then. */
export type Sweep = (tenant: string) => Promise<void>;

const PAUSE_MS = 600_000;
/** Used codes and refresh tokens stay a day after they expired, so that a late second use is noticed. */
const KEPT_MS = 86_400_000;
const BATCH = 1_000;
/** Tenants at most whose last sweep this process remembers. */
const CAPACITY = 10_000;

const TOKENS = ['oauth2_access_token', 'oauth2_refresh_token', 'oauth2_code'] as const;
const REQUESTS = `delete from oauth2_request where pk in (select pk from oauth2_request where expires < ? limit ${BATCH})`;

/** Deletes old tokens, and their grants where no other token is left. */
function tokensOf(table: (typeof TOKENS)[number]): string {
  const isLast = TOKENS.map(
    (each) => `not exists (select 1 from ${each} t where t.grant_pk = g.pk and t.expires >= ?)`,
  );
  return `with gone as (delete from ${table} where pk in (select pk from ${table} where expires < ? limit ${BATCH}) returning grant_pk)
    delete from oauth2_grant g using (select distinct grant_pk from gone) old where g.pk = old.grant_pk and ${isLast.join(' and ')}`;
}

/** Creates the sweep: at most a thousand rows of a kind, every ten minutes for a tenant that is in use. */
export function createSweep({ db, clock }: { db: Database; clock: Clock }): Sweep {
  const swept = new Map<string, number>();
  return async (tenant) => {
    const now = clock.now().getTime();
    if ((swept.get(tenant) ?? 0) > now - PAUSE_MS) return;
    const [oldest] = swept.keys();
    if (swept.size >= CAPACITY && oldest !== undefined) swept.delete(oldest);
    swept.set(tenant, now);
    const before = new Date(now - KEPT_MS);
    await db.write({ tenant }, async (em) => {
      await em.execute(REQUESTS, [before]);
      for (const table of TOKENS) await em.execute(tokensOf(table), [before, before, before, before]);
    });
  };
}
