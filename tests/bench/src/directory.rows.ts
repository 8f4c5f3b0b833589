import type pg from 'pg';

/** How many of each there are. */
export const USERS = 1_000_000;
export const GROUPS = 100_000;
/** Members of the group that everybody belongs to, beside the three groups of each user. */
export const CROWD = 100_000;
export const CROWD_NAME = 'zz crowd';

const TABLES = ['user_account', 'user_group', 'membership', 'email_address'];

const OWNER = '(select tenant_id from directory.user_account limit 1)';

const statementsFor = (users: number) => [
  `insert into directory.user_account (tenant_id, uuid, username, name, email, is_active, last_login, path, type, attributes)
   select ${OWNER}, gen_random_uuid(), 'user-' || lpad(i::text, 7, '0'), 'First' || i % 977 || ' Last' || i % 9973,
     'user' || i || '@example.com', i % 10 <> 0, case when i % 3 = 0 then null else now() - i * interval '1 minute' end,
     'team/' || i % 100, case when i % 7 = 0 then 'external' else 'internal' end, jsonb_build_object('number', i)
   from generate_series(1, ${users}) i`,
  // A hundred at the top, a hundred below each, nine below each of those that have some.
  `insert into directory.user_group (tenant_id, pk, name, is_superuser, attributes, parent_pk)
   select ${OWNER}, md5('group ' || i)::uuid, 'group-' || lpad(i::text, 6, '0'), i = 1, jsonb_build_object('number', i),
     case when i <= 100 then null when i <= 10100 then md5('group ' || 1 + i % 100)::uuid else md5('group ' || 101 + i % 10000)::uuid end
   from generate_series(1, ${GROUPS}) i`,
  `insert into directory.user_group (tenant_id, pk, name) select ${OWNER}, md5('crowd')::uuid, '${CROWD_NAME}'`,
  `insert into directory.membership (tenant_id, group_pk, user_pk)
   select distinct u.tenant_id, md5('group ' || 2 + (n * 33331 + u.pk) % ${GROUPS - 2})::uuid, u.pk
   from directory.user_account u cross join generate_series(1, 3) n where u.username like 'user-%'`,
  `insert into directory.membership (tenant_id, group_pk, user_pk)
   select tenant_id, md5('crowd')::uuid, pk from directory.user_account where username like 'user-%' order by pk limit ${CROWD}`,
];

/** Writes the rows at once, as no API would; indexes are faster made than kept. */
export async function fillDirectory(sql: pg.Pool, users = USERS): Promise<void> {
  const { rows: indexes } = await sql.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = 'directory' and tablename = any ($1)
     and not exists (select from pg_constraint where conname = indexname)`,
    [TABLES],
  );
  for (const { name } of indexes) await sql.query(`drop index directory.${name}`);
  for (const statement of statementsFor(users)) await sql.query(statement);
  for (const { definition } of indexes) await sql.query(definition);
  await sql.query(`vacuum analyze ${TABLES.map((table) => `directory.${table}`).join(', ')}`);
}
