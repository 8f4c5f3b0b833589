import { createHash, randomUUID } from 'node:crypto';
import { events as api } from '@postern/proto';
import type pg from 'pg';
import { EVENTS, fillAuditLog } from './event.rows.ts';
import type { Installation } from './installation.ts';
import { latencyOf, load } from './load/load.ts';
import { type Measure, percentile } from './measure.ts';
import type { Part } from './part.ts';

const LANES = 1;
const FACTS = 3_000;
/** Key of an object that some events are about. */
const OBJECT = createHash('md5').update('object4260').digest('hex');

/** What administrators ask of the audit log. */
const QUESTIONS: readonly { name: string; path: string }[] = [
  { name: 'first page', path: '/events/events/?page_size=20' },
  { name: 'page 40', path: '/events/events/?page_size=20&page=40' },
  { name: 'filter action=login', path: '/events/events/?page_size=20&action=login' },
  { name: 'filter action=configuration_error, rare', path: '/events/events/?page_size=20&action=configuration_error' },
  { name: 'filter username', path: '/events/events/?page_size=20&username=user-00042' },
  { name: 'filter client_ip', path: '/events/events/?page_size=20&client_ip=10.3.7.7' },
  { name: 'filter brand_name, common', path: '/events/events/?page_size=20&brand_name=Default%20brand' },
  { name: 'filter brand_name, less so', path: '/events/events/?page_size=20&brand_name=Brand%20shop.example.com' },
  { name: 'filter context_model_pk', path: `/events/events/?page_size=20&context_model_pk=${OBJECT}` },
  {
    name: 'filter context_model_app and _name',
    path: '/events/events/?page_size=20&context_model_app=authentik_rbac&context_model_name=role',
  },
  { name: 'filter context_model_name', path: '/events/events/?page_size=20&context_model_name=flow' },
  { name: 'filter context_authorized_app', path: `/events/events/?page_size=20&context_authorized_app=APP` },
  { name: 'filter that finds nothing', path: '/events/events/?page_size=20&username=nobody' },
  { name: 'search that finds few', path: '/events/events/?page_size=20&search=object-4260' },
  { name: 'search that finds many', path: '/events/events/?page_size=20&search=authorize' },
  { name: 'search for a person', path: '/events/events/?page_size=20&search=user-00042' },
  { name: 'search for two words', path: '/events/events/?page_size=20&search=user-00042%20login' },
  { name: 'search that finds nothing', path: '/events/events/?page_size=20&search=unheard-of' },
  { name: 'volume', path: '/events/events/volume/' },
  { name: 'volume, action', path: '/events/events/volume/?action=login' },
  { name: 'volume, username', path: '/events/events/volume/?username=user-00042' },
  { name: 'per_month', path: '/events/events/per_month/?action=login' },
  {
    name: 'per_month of an application',
    path: '/events/events/per_month/?action=authorize_application&query=%7B%22context__authorized_application__pk%22%3A%22APP%22%7D',
  },
  { name: 'top_per_user', path: '/events/events/top_per_user/?action=authorize_application' },
  { name: 'admin metrics', path: '/admin/metrics/' },
  { name: 'user metrics', path: '/core/users/1/metrics/' },
];

/** The audit log with ten million events: pages, series, and how fast it takes more. Loading takes minutes, so it runs only when it is asked for. */
export const events: Part = {
  name: 'events',
  isAsked: true,
  async run(stage) {
    const installation = await stage.installation();
    const begin = performance.now();
    const say = (what: string) =>
      process.stderr.write(`${what} ${((performance.now() - begin) / 1_000).toFixed(0)} s ... `);
    const empty = await ingest(installation);
    await fillAuditLog({ url: installation.databaseUrl, say });
    const { rows } = await installation.sql.query(
      'select application from tasks.event_application order by events desc limit 1',
    );
    const measures: Measure[] = [];
    for (const { name, path } of QUESTIONS)
      measures.push(await ask(installation, name, path.replace('APP', rows[0].application)));
    const full = await ingest(installation);
    const target = { name: 'events stored per second', unit: '/s' };
    return [
      ...measures,
      {
        ...target,
        value: full,
        baseline: { name: 'empty log', value: empty },
        note: `${FACTS} facts that wait in an outbox`,
      },
    ];
  },
};

async function ask({ host, port, token }: Installation, name: string, path: string): Promise<Measure> {
  const requests = [{ method: 'GET', path: `/api/v3${path}`, headers: { authorization: `Bearer ${token}` } }];
  const plan = { host, port, lanes: LANES, milliseconds: 1_000, warmUp: 500 };
  const result = await load({ ...plan, journey: 'requests', options: { requests } });
  return {
    name: `${(EVENTS / 1e6).toFixed(0)} million events, p95, ${name}`,
    value: percentile(result.latencies, 0.95),
    unit: 'ms',
    target: { most: 100 },
    note: latencyOf(result),
  };
}

/** Facts per second from the outbox of a service through relay, bus and inbox into the audit log. */
async function ingest({ sql }: Installation): Promise<number> {
  const { rows } = await sql.query<{ tenant: string }>(
    'select tenant_id as tenant from directory.user_account limit 1',
  );
  const facts = Array.from({ length: FACTS }, (_, index) => aFact(rows[0]?.tenant ?? '', index));
  const before = await total(sql);
  await sql.query(
    `insert into directory.outbox (event_id, subject, tenant_id, envelope)
     select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[])`,
    [
      facts.map(({ id }) => id),
      facts.map(({ subject }) => subject),
      facts.map(({ tenant }) => tenant),
      facts.map((one) => Buffer.from(api.Envelope.encode(one).finish())),
    ],
  );
  const begin = performance.now();
  await sql.query(`select pg_notify('postern_messaging_directory', 'outbox')`);
  while ((await total(sql)) < before + FACTS) await new Promise((resolve) => setTimeout(resolve, 20));
  return (FACTS / (performance.now() - begin)) * 1_000;
}

async function total(sql: pg.Pool): Promise<number> {
  const { rows } = await sql.query(
    `select coalesce(sum(total), 0)::int as total from tasks.row_counter where relation = 'event'`,
  );
  return rows[0].total;
}

function aFact(tenant: string, index: number): api.Envelope {
  const user = { pk: index % 500, uuid: randomUUID(), username: `user-${index % 500}`, email: '', name: '' };
  const context = {
    model: { app: 'authentik_core', model_name: 'user', pk: index, name: `user-${index}` },
    message: 'A fact like others',
  };
  return api.Envelope.fromPartial({
    id: randomUUID(),
    subject: 'directory.v1.event.recorded',
    tenant,
    occurred_at: new Date().toISOString(),
    actor: { kind: 'user', via: 'session', user },
    client: {
      address: '192.0.2.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      method: 'POST',
      path: '/api/v3/core/users/',
      query: {},
      host: 'example.com',
    },
    type: 'postern.events.v1.EventRecorded',
    payload: api.EventRecorded.encode({
      action: 'model_updated',
      app: 'authentik.events.middleware',
      context,
      user: undefined,
    }).finish(),
  });
}
