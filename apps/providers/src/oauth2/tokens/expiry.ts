import type { EntityManager } from '@postern/database';
import type { ExpiringModel } from '@postern/jobs';

/** Used codes and refresh tokens stay a day after they expired, so that a late second use is noticed. */
const KEPT_MS = 86_400_000;

const TOKENS = ['oauth2_code', 'oauth2_access_token', 'oauth2_refresh_token'] as const;

/** The rows of a table whose time has passed, no more than a batch of them: an array is read once, whatever the planner expects. */
function expiredOf(table: string, column: string): string {
  return `array(select pk from ${table} where ${column} <= ? order by ${column} limit ? for update skip locked)`;
}

/** Deletes tokens, and their grants where no other token is kept: whatever else hangs on such a grant has expired, too. */
function clearTokens(table: string): ExpiringModel['clean'] {
  const isLast = TOKENS.map((each) => `not exists (select from ${each} t where t.grant_pk = g.pk and t.expires > ?)`);
  const sql = `with gone as (delete from ${table} where pk = any (${expiredOf(table, 'expires')}) returning grant_pk),
    grants as (delete from oauth2_grant g using (select distinct grant_pk from gone) old
      where g.pk = old.grant_pk and ${isLast.join(' and ')})
    select count(*)::int as count from gone`;
  return async (em: EntityManager, { before, limit }) => {
    const [row] = await em.execute<{ count: number }[]>(sql, [before, limit, ...TOKENS.map(() => before)]);
    return row?.count ?? 0;
  };
}

function clear(table: string, column: string): ExpiringModel['clean'] {
  const sql = `delete from ${table} where pk = any (${expiredOf(table, column)}) returning 1`;
  return async (em: EntityManager, { before, limit }) => (await em.execute<unknown[]>(sql, [before, limit])).length;
}

/** What the protocol issues and remembers, and how it is let go of when its time has passed. */
export const EXPIRING_TOKENS: readonly ExpiringModel[] = [
  {
    plural: 'Authorization Codes',
    table: 'oauth2_code',
    keptMs: KEPT_MS,
    clean: clearTokens('oauth2_code'),
  },
  {
    plural: 'OAuth2 Access Tokens',
    table: 'oauth2_access_token',
    keptMs: KEPT_MS,
    clean: clearTokens('oauth2_access_token'),
  },
  {
    plural: 'OAuth2 Refresh Tokens',
    table: 'oauth2_refresh_token',
    keptMs: KEPT_MS,
    clean: clearTokens('oauth2_refresh_token'),
  },
  {
    plural: 'Authorization Requests',
    table: 'oauth2_request',
    keptMs: KEPT_MS,
    clean: clear('oauth2_request', 'expires'),
  },
  {
    plural: 'Device Tokens',
    table: 'oauth2_device_code',
    keptMs: KEPT_MS,
    clean: clear('oauth2_device_code', 'expires'),
  },
  {
    plural: 'Pushed Authorization Requests',
    table: 'oauth2_pushed_request',
    clean: clear('oauth2_pushed_request', 'expires'),
  },
  { plural: 'Used Proofs', table: 'oauth2_once', clean: clear('oauth2_once', 'expires') },
  { plural: 'Published Keys', table: 'oauth2_published_key', clean: clear('oauth2_published_key', 'until') },
];
