import { quoted, rowsOf, type SqlExecutor } from './database.ts';

/** How much a round of trimming removed. */
export type Trimmed = { readonly handled: number; readonly dead: number };

/** Longer than consumers remember by themselves: what is older belongs to one that is no longer there, or that was never idle. */
const HANDLED_DAYS = 16;
const DEAD_DAYS = 90;
const AT_ONCE = 5_000;

/** Removes what outlived its use, at most 5,000 rows of each: handled events of the inbox after 16 days, dead letters after 90. */
export async function trimMessages(sql: SqlExecutor, schema: string): Promise<Trimmed> {
  const within = quoted(schema);
  const remove = async (table: string, condition: string): Promise<number> => {
    const rows = await rowsOf(
      sql,
      `delete from ${within}.${table} where ctid = any (array(
         select ctid from ${within}.${table} where ${condition} limit ${AT_ONCE})) returning 1`,
    );
    return rows.length;
  };
  return {
    handled: await remove('inbox', `handled_at < clock_timestamp() - interval '${HANDLED_DAYS} days'`),
    dead: await remove('dead_letters', `buried_at < clock_timestamp() - interval '${DEAD_DAYS} days'`),
  };
}
