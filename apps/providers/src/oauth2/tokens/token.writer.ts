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

/**
 * Planned each time: how the tokens are best found hangs on how many there are, and on how many are wanted, which an array tells the planner and JSON
 * does not. Of several that use up one token, the first gets it.
 */
const USE_AND_STORE = `with used as (
    update oauth2_refresh_token t set used = ?
      from unnest(?::text[]) with ordinality as wanted (hash, n)
      where t.hash = wanted.hash and t.used is null
        and (select g.revoked is null from oauth2_grant g where g.pk = t.grant_pk) returning wanted.n
  ),
  asked as materialized (${ASKED}),
  won as materialized (select item, n from asked where item -> 'uses' is null or n in (select n from used)), ${ROWS}`;

/**
 * Stores what several orders get, by one statement, and says for each whether it is stored: a refresh token that was used before, or whose grant is
 * revoked, gets nothing.
 */
export async function storeTokens(em: EntityManager, items: readonly TokenRows[]): Promise<boolean[]> {
  const firsts = new Map<string | number, number>();
  for (const [at, { uses = at }] of items.entries()) if (!firsts.has(uses)) firsts.set(uses, at);
  const asked = items.map((item, at) => ({ item, at })).filter(({ item, at }) => firsts.get(item.uses ?? at) === at);
  const json = JSON.stringify(asked.map(({ item }) => item));
  const uses = asked.map(({ item }) => item.uses ?? 'null');
  const [first] = items;
  const rows = items.every((item) => item.uses === undefined)
    ? await em.execute<{ n: number }[]>(STORE, [json])
    : await em.execute<{ n: number }[]>(USE_AND_STORE, [first?.issued, `{${uses.join(',')}}`, json]);
  const stored = new Set(rows.map(({ n }) => asked[n - 1]?.at));
  return items.map((_, at) => stored.has(at));
}
