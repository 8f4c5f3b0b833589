/**
 * Lets go of what has expired: sessions end with the fact that ends what hangs on them, tokens for the API get another secret, other
 * tokens, consents and plans go. Their features say how; this folder says when.
 */

import type { Database, EntityManager } from '@postern/database';
import { cleanUp, type ExpiringModel, type JobHandler } from '@postern/jobs';
import { INVITATION_KEPT_MS } from '../invitations/index.ts';
import type { Lockout } from '../lockout/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Tokens } from '../tokens/index.ts';

export { CLEAN_UP_MIGRATIONS } from './clean-up.migrations.ts';

/** What the clean-up needs. */
export type CleanUpDeps = {
  readonly database: Database;
  readonly clock: { now(): Date };
  readonly sessions: Pick<Sessions, 'expire'>;
  readonly tokens: Pick<Tokens, 'expire'>;
  readonly lockout: Pick<Lockout, 'expire'>;
};

/** The job. */
export function createCleanUp({ database, clock, sessions, tokens, lockout }: CleanUpDeps): JobHandler {
  const models: ExpiringModel[] = [
    { plural: 'Authenticated Sessions', table: 'session', clean: sessions.expire },
    { plural: 'Tokens', table: 'token', clean: tokens.expire },
    { plural: 'User Consents', table: 'user_consent', clean: deletesFrom('user_consent') },
    { plural: 'Reputation Scores', table: 'reputation', clean: deletesFrom('reputation') },
    { plural: 'Flow Tokens', table: 'flow_token', clean: deletesFrom('flow_token') },
    { plural: 'Attempt Counters', table: 'attempt_budget', clean: lockout.expire },
    { plural: 'Flow Mails', table: 'flow_mail', clean: deletesFrom('flow_mail') },
    {
      plural: 'Invitations',
      table: 'invitation',
      clean: deletesFrom('invitation'),
      keptMs: INVITATION_KEPT_MS,
    },
    { plural: 'Headless Sessions', table: 'headless_session', clean: deletesFrom('headless_session') },
    { plural: 'Headless Refresh Tokens', table: 'headless_refresh', clean: deletesFrom('headless_refresh') },
    { plural: 'Headless Rates', table: 'headless_rate', clean: deletesFrom('headless_rate') },
    { plural: 'Flow Plans', table: 'flow_plan', clean: deletesFrom('flow_plan') },
  ];
  return cleanUp({ name: 'auth.clean_expired', db: database, clock, models });
}

/** Rows that nobody else knows of. An array of them is read once, whatever the planner expects. */
function deletesFrom(table: string): ExpiringModel['clean'] {
  const sql = `delete from ${table} where pk = any
    (array(select pk from ${table} where expires <= ? order by expires limit ? for update skip locked)) returning 1`;
  return async (em: EntityManager, { before, limit }) => (await em.execute<unknown[]>(sql, [before, limit])).length;
}
