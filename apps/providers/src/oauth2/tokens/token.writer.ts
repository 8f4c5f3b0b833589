import { type EntityManager, prepared } from '@postern/database';
import { STORED_COLUMNS, type TokenRows } from './token.rows.ts';

/** One part of the items that have won becomes a row of its table. */
function stores(table: keyof typeof STORED_COLUMNS, part: string): string {
  const columns = STORED_COLUMNS[table];
  return `insert into ${table} (${columns})
    select ${columns.replaceAll(/\w+/g, 'r.$&')} from won, jsonb_populate_record(null::${table}, won.item -> '${part}') r
    where won.item -> '${part}' is not null`;
}

const ROWS = `given as (${stores('oauth2_grant', 'grant')}),
  access as (${stores('oauth2_access_token', 'access')}),
  refresh as (${stores('oauth2_refresh_token', 'refresh')})
  select n::int from won`;

const ASKED = 'select item, n from jsonb_array_elements(?::jsonb) with ordinality as asked (item, n)';

/** Nothing is looked for, so that one plan is right for ever. */
const STORE = prepared(`with won as materialized (${ASKED}), ${ROWS}`);

/** Planned each time: how the tokens are best found hangs on how many there are. Of several that use up one token, the first gets it. */
const USE_AND_STORE = `with asked as materialized (${ASKED}),
  used as (
    update oauth2_refresh_token t set used = (asked.item ->> 'issued')::timestamptz
      from asked, oauth2_grant g
      where t.hash = asked.item ->> 'uses' and t.used is null and g.pk = t.grant_pk and g.revoked is null returning asked.n
  ),
  won as materialized (select item, n from asked where item -> 'uses' is null or n in (select n from used)), ${ROWS}`;

/**
 * Stores what several orders get, by one statement, and says for each whether it is stored: a refresh token that was used before, or whose grant is
 * revoked, gets nothing.
 */
export async function storeTokens(em: EntityManager, items: readonly TokenRows[]): Promise<boolean[]> {
  const firsts = new Map<string | number, number>();
  for (const [at, { uses = at }] of items.entries()) if (!firsts.has(uses)) firsts.set(uses, at);
  const asked = items.map((item, at) => ({ item, at })).filter(({ item, at }) => firsts.get(item.uses ?? at) === at);
  const isClaiming = items.some(({ uses }) => uses !== undefined);
  const json = JSON.stringify(asked.map(({ item }) => item));
  const rows = await em.execute<{ n: number }[]>(isClaiming ? USE_AND_STORE : STORE, [json]);
  const stored = new Set(rows.map(({ n }) => asked[n - 1]?.at));
  return items.map((_, at) => stored.has(at));
}
