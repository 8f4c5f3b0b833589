import type pg from 'pg';
import type { Installation } from './installation.ts';
import { latencyOf, load } from './load/load.ts';
import { percentile, ratePerSecond } from './measure.ts';
import type { Part } from './part.ts';

const ROWS = 100_000;
const LANES = 4;
const PAGE = 20;

/** A page that an administrator may ask for, and the SQL that reads it when nothing else is done. */
type Shape = { name: string; query: string; where?: string; order?: string; offset?: number };

const SHAPES: readonly Shape[] = [
  { name: 'first page', query: '' },
  { name: 'by last sign-in', query: 'ordering=-last_login', order: 'last_login desc nulls last' },
  {
    name: 'filter by type and folder',
    query: 'type=external&path_startswith=team/7',
    where: "type = 'external' and path >= 'team/7' and path < 'team/8'",
  },
  { name: 'filter by one name', query: 'username=user-050000', where: "username = 'user-050000'" },
  { name: 'search that finds few', query: 'search=user-04242', where: searched('user-04242') },
  { name: 'search that finds many', query: 'search=example', where: searched('example') },
  { name: 'page 2,500', query: 'page=2500', offset: 2_499 * PAGE },
];

function searched(term: string): string {
  return `(${['username', 'name', 'email'].map((column) => `${column} ilike '%${term}%'`).join(' or ')})`;
}

/** Pages of the list of users, with 100,000 of them. */
export const users: Part = {
  name: 'users',
  async run(stage) {
    const installation = await stage.installation();
    await seed(installation.sql);
    const measures = [];
    for (const shape of SHAPES) {
      const raw = await rawLatency(installation.sql, shape);
      const result = await page(installation, shape.query);
      measures.push({
        name: `list of ${ROWS.toLocaleString('en-US')} users, p95, ${shape.name}`,
        value: percentile(result.latencies, 0.95),
        unit: 'ms',
        target: { most: 60 },
        baseline: { name: 'SQL of the page, p95', value: raw },
        note: `${LANES} at a time: ${latencyOf(result)}`,
      });
    }
    return measures;
  },
};

function page({ host, port, token }: Installation, query: string) {
  const path = `/api/v3/core/users/?page_size=${PAGE}&${query}`;
  const requests = [{ method: 'GET', path, headers: { authorization: `Bearer ${token}` } }];
  const plan = { host, port, lanes: LANES, milliseconds: 1_500, warmUp: 500 };
  return load({ ...plan, journey: 'requests', options: { requests } });
}

/** The same page, read by hand; milliseconds that 95 of a hundred do not exceed. */
async function rawLatency(sql: pg.Pool, { where = 'true', order = 'username', offset = 0 }: Shape): Promise<number> {
  const { rows } = await sql.query(`select tenant_id from directory.user_account limit 1`);
  const text = `select * from directory.user_account where tenant_id = $1 and ${where} order by ${order} limit ${PAGE} offset ${offset}`;
  const latencies: number[] = [];
  const read = async () => {
    const start = performance.now();
    await sql.query(text, [rows[0].tenant_id]);
    latencies.push(performance.now() - start);
  };
  await ratePerSecond(read, { lanes: LANES, milliseconds: 700 });
  return percentile(Float64Array.from(latencies).sort(), 0.95);
}

/** Writes the rows at once, as no API would; indexes are faster made than kept. */
export async function seed(sql: pg.Pool): Promise<void> {
  const { rows: indexes } = await sql.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = 'directory' and tablename = 'user_account'
     and not exists (select from pg_constraint where conname = indexname)`,
  );
  for (const { name } of indexes) await sql.query(`drop index directory.${name}`);
  await sql.query(
    `insert into directory.user_account (tenant_id, uuid, username, name, email, is_active, last_login, path, type, attributes)
     select (select tenant_id from directory.user_account limit 1), gen_random_uuid(), 'user-' || lpad(i::text, 6, '0'),
       'First' || i % 977 || ' Last' || i % 9973, 'user' || i || '@example.com', i % 10 <> 0,
       case when i % 3 = 0 then null else now() - i * interval '1 minute' end, 'team/' || i % 10,
       case when i % 7 = 0 then 'external' else 'internal' end, jsonb_build_object('number', i)
     from generate_series(1, ${ROWS}) i`,
  );
  for (const { definition } of indexes) await sql.query(definition);
  await sql.query('vacuum analyze directory.user_account');
}
