import type pg from 'pg';
import { type Installation, startInstallation } from './installation.ts';
import { latencyOf, load } from './load/load.ts';
import { type Measure, percentile } from './measure.ts';
import type { Part } from './part.ts';

const USERS = 100_000;
const ROLES = 1_000;
/** Users that each role may see: 100,000 grants on single objects. */
const EACH = 100;
const LANES = 4;

const OWNER = '(select tenant_id from directory.user_account limit 1)';
const TENANT = 'd.tenant_id';
const GRANTED = `from directory.role r join generate_series(0, ${EACH - 1}) n on true
  join directory.user_account d on d.username = 'seen-' || (substring(r.name from '\\d+')::int * ${EACH} + n) % ${USERS} where r.name like 'role-%'`;

const STATEMENTS = [
  `insert into directory.user_account (tenant_id, uuid, username, name, email, path, type)
   select ${OWNER}, gen_random_uuid(), 'seen-' || i, 'Seen ' || i, 'seen' || i || '@example.com', 'users', 'internal' from generate_series(0, ${USERS - 1}) i`,
  `insert into directory.role (tenant_id, pk, name) select ${OWNER}, md5('role ' || i)::uuid, 'role-' || i from generate_series(1, ${ROLES}) i`,
  `insert into directory.object_permission (tenant_id, role_pk, permission, model, object_pk)
   select ${TENANT}, r.pk, 'authentik_core.view_user', 'authentik_core.user', d.pk::text ${GRANTED}`,
  `insert into directory.object_grant (tenant_id, role_pk, permission, model, object_pk)
   select ${TENANT}, r.pk, 'authentik_core.view_user', 'authentik_core.user', d.pk::text ${GRANTED}`,
  'analyze directory.user_account, directory.role, directory.object_permission, directory.object_grant',
];

/** Lists of somebody who sees single objects only: by one role, and by a thousand of them. */
export const grants: Part = {
  name: 'grants',
  async run({ code }) {
    const installation = await startInstallation(code);
    try {
      for (const statement of STATEMENTS) await installation.sql.query(statement);
      const all = await page(installation, installation.token);
      const measures: Measure[] = [];
      for (const count of [1, 10, ROLES]) {
        const token = await delegate(installation, count);
        measures.push(await measured(installation, token, count, all));
      }
      return measures;
    } finally {
      await installation.stop();
    }
  },
};

async function measured(installation: Installation, token: string, count: number, all: Page): Promise<Measure> {
  const own = await page(installation, token);
  const seen = (count * EACH).toLocaleString('en-US');
  return {
    name: `list of users, p95, of ${count.toLocaleString('en-US')} roles that see ${seen} of ${USERS.toLocaleString('en-US')}`,
    value: own.p95,
    unit: 'ms',
    target: { most: 60 },
    baseline: { name: 'the list of a superuser, p95', value: all.p95 },
    note: own.note,
  };
}

/** Somebody with that many roles, and a token of theirs. */
async function delegate({ api, sql }: Installation, count: number): Promise<string> {
  const username = `delegate-${count}`;
  const { pk } = await api<{ pk: number }>('POST', '/core/users/', { username, name: username, path: 'users' });
  const group = await api<{ pk: string }>('POST', '/core/groups/', { name: username, users: [pk] });
  await give(sql, group.pk, count);
  // The API tells everybody who remembers what somebody may do.
  await api('PATCH', `/core/groups/${group.pk}/`, { attributes: { roles: count } });
  const identifier = `${username}-token`;
  await api('POST', '/core/tokens/', { identifier, intent: 'api', user: pk });
  const { key } = await api<{ key: string }>('GET', `/core/tokens/${identifier}/view_key/`);
  return key;
}

async function give(sql: pg.Pool, group: string, count: number): Promise<void> {
  const roles = `select tenant_id, $1, pk from directory.role where name like 'role-%' order by name limit ${count}`;
  await sql.query(`insert into directory.group_role (tenant_id, group_pk, role_pk) ${roles}`, [group]);
}

type Page = { readonly p95: number; readonly note: string };

async function page({ host, port }: Installation, token: string): Promise<Page> {
  const path = '/api/v3/core/users/?page_size=20';
  const requests = [{ method: 'GET', path, headers: { authorization: `Bearer ${token}` } }];
  const plan = { host, port, lanes: LANES, milliseconds: 2_000, warmUp: 1_000 };
  const result = await load({ ...plan, journey: 'requests', options: { requests } });
  return { p95: percentile(result.latencies, 0.95), note: `${LANES} at a time: ${latencyOf(result)}` };
}
