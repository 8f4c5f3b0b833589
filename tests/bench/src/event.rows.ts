import pg from 'pg';

/** Events of the tenant that is measured. */
export const EVENTS = 10_000_000;
/** Events of others, beside them. */
const NOISE = 500_000;
const MONTHS = 6;
const LANES = 2;
const CHUNKS = 40;

/** Different events that each row is one of: 20,000 people, 20 applications, some 50,000 objects. */
const KINDS = 200_000;
const NOISE_KINDS = 20_000;

const REQUEST = `'http_request', jsonb_build_object('path', '/api/v3/flows/executor/default-authentication-flow/', 'method', 'POST',
  'args', '{}'::jsonb, 'user_agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:' || i % 30 || '.0) Gecko/20100101')`;

const CONTEXT = `case
  when k < 30 or k between 88 and 94 then jsonb_build_object('auth_method', 'password', 'auth_method_args', '{}'::jsonb, ${REQUEST})
  when k < 55 then jsonb_build_object('authorized_application', jsonb_build_object('app', 'authentik_core', 'model_name', 'application',
    'pk', md5('app' || i / 100 % 20), 'name', 'Application ' || i / 100 % 20), 'flow', md5('flow'), 'scopes', 'openid email profile', ${REQUEST})
  when k < 80 then jsonb_build_object('model', jsonb_build_object('app', (array['authentik_core', 'authentik_rbac', 'authentik_flows'])[1 + i % 3],
    'model_name', (array['user', 'role', 'flow'])[1 + i % 3], 'pk', md5('object' || i % 50000), 'name', 'object-' || i % 50000),
    'diff', jsonb_build_object('name', '{}'::jsonb), ${REQUEST})
  when k < 88 then jsonb_build_object('username', 'user-' || u, 'password', '********************', ${REQUEST})
  else jsonb_build_object('message', 'Nothing in particular, number ' || i % 1000, ${REQUEST}) end`;

const ACTION = `case when i = 4299 then 'configuration_error' when k < 30 then 'login' when k < 55 then 'authorize_application'
  when k < 75 then 'model_updated' when k < 80 then 'model_created' when k < 88 then 'login_failed' when k < 95 then 'logout'
  when k < 97 then 'password_set' when k < 98 then 'secret_view' else 'suspicious_request' end`;

const KIND_TABLE = `create unlogged table bench_kind (tenant uuid, i int, "user" jsonb, action text, context jsonb, client_ip text, brand jsonb,
  words int[], primary key (tenant, i))`;

const fillKinds = (tenants: string, count: number) => `insert into bench_kind
  select tenant, i, "user", action, context, client_ip, brand, array(
    select event_word_id(tenant, word) from unnest(event_words("user", action, 'authentik.events.signals', context, client_ip)) as word)
  from (
    select tenant, i, ${ACTION} as action, ${CONTEXT} as context, '10.' || u / 250 || '.' || u % 250 || '.7' as client_ip,
      jsonb_build_object('username', 'user-' || lpad(u::text, 5, '0'), 'pk', u, 'email', 'user-' || u || '@example.com') as "user",
      jsonb_build_object('app', 'authentik_brands', 'model_name', 'brand', 'pk', md5('brand'),
        'name', case when i % 50 = 7 then 'Brand shop.example.com' else 'Default brand' end) as brand
    from (select tenant, i, i % 100 as k, i / 10 % 20000 as u from generate_series(0, ${count - 1}) i, ${tenants}) n
  ) kinds`;

/** Rows in the order of time, as they would have come. */
const fillEvents = (tenant: string, kinds: number) => `insert into event
    (pk, tenant_id, created, expires, "user", action, app, context, client_ip, brand, words)
  select uuidv7(created - now()), kind.tenant, created, created + interval '365 days', "user", action, 'authentik.events.signals', context, client_ip,
    brand, words
  from (select n, now() - interval '${MONTHS} months' + n::float8 / $3 * interval '${MONTHS} months' as created from generate_series($1::int, $2::int) n) row
  join bench_kind kind on kind.tenant = ${tenant} and kind.i = (row.n::bigint * 7919 % ${kinds})`;

const COUNTS = [
  `insert into event_count select tenant_id, action, date_trunc('hour', created, 'UTC'), coalesce(brand_name, ''), hashtext(pk::text) & 3, count(*)
   from event group by 1, 2, 3, 4, 5`,
  `insert into row_counter (tenant_id, relation, slot, total) select tenant_id, 'event', 0, sum(total) from event_count group by 1
   on conflict (tenant_id, relation, slot) do update set total = row_counter.total + excluded.total`,
  `insert into event_application_user select tenant_id, action, application, user_pk, max(event_month_of(created)) from event
   where application is not null group by 1, 2, 3, 4`,
  `insert into event_application select tenant_id, action, application, 0, events, (select count(*) from event_application_user u
     where (u.tenant_id, u.action, u.application) = (e.tenant_id, e.action, e.application))
   from (select tenant_id, action, application, count(*) as events from event where application is not null group by 1, 2, 3) e`,
  `insert into event_word select tenant, word, event_word_id(tenant, word), date_trunc('month', now())
   from bench_kind, unnest(event_words("user", action, 'authentik.events.signals', context, client_ip)) as word group by 1, 2
   on conflict do nothing`,
  `insert into event_month select event_month_of(created), max(expires) + interval '1 day' from event group by 1
   on conflict (month) do nothing`,
  'drop table bench_kind',
];

/** Fills the audit log of an installation at once, as no API would: triggers rest, and indexes are made at the end. */
export async function fillAuditLog({ url, say }: { url: string; say(text: string): void }): Promise<void> {
  const options =
    '-c search_path=tasks,public -c session_replication_role=replica -c maintenance_work_mem=512MB -c work_mem=256MB -c synchronous_commit=off';
  const pool = new pg.Pool({ connectionString: url, max: LANES, options });
  try {
    const tenant = `(select tenant_id from directory.user_account limit 1)`;
    for (let month = 0; month <= MONTHS; month++) {
      await pool.query(`select ensure_event_partition((now() - interval '${month} months')::date)`);
    }
    await pool.query('delete from event_count; delete from event_word');
    const indexes = await dropIndexes(pool);
    await pool.query(KIND_TABLE);
    await pool.query(fillKinds(`(select ${tenant} as tenant) t`, KINDS));
    await pool.query(fillKinds(`(select gen_random_uuid() as tenant from generate_series(1, 20)) t`, NOISE_KINDS / 20));
    await pool.query('analyze bench_kind');
    say('kinds');
    await inChunks(pool, fillEvents(tenant, KINDS), EVENTS);
    await pool.query(`insert into event (pk, tenant_id, created, expires, "user", action, app, context, client_ip, brand, words)
      select gen_random_uuid(), tenant, created, created + interval '365 days', "user", action, 'authentik.events.signals', context, client_ip, brand, words
      from bench_kind, (select now() - random() * interval '${MONTHS} months' as created from generate_series(1, ${NOISE / NOISE_KINDS})) t
      where tenant <> ${tenant}`);
    say('rows');
    for (const definition of indexes) await pool.query(definition);
    say('indexes');
    for (const statement of COUNTS) await pool.query(statement);
    say('counts');
    await pool.query('vacuum analyze event');
    await pool.query('vacuum analyze event_count');
    await pool.query('vacuum analyze event_word');
    await pool.query('vacuum analyze event_application');
  } finally {
    await pool.end();
  }
}

async function dropIndexes(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = 'tasks' and tablename = 'event'
     and not exists (select from pg_constraint where conname = indexname)`,
  );
  for (const { name } of rows) await pool.query(`drop index tasks.${name}`);
  return rows.map(({ definition }) => definition.replace(' ON ONLY ', ' ON '));
}

async function inChunks(pool: pg.Pool, sql: string, total: number): Promise<void> {
  const size = total / CHUNKS;
  let next = 0;
  const lane = async () => {
    while (next < CHUNKS) {
      const start = next++ * size;
      await pool.query(sql, [start, start + size - 1, total]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
