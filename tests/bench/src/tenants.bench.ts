import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { type Installation, startInstallation } from './installation.ts';
import { latencyOf, load } from './load/load.ts';
import { type Measure, percentile } from './measure.ts';
import type { Part } from './part.ts';
import { memoryOf } from './platform.ts';
import { cloneTenant, vacuum } from './tenant.rows.ts';

const TENANTS = 10_000;
/** Tenants that are really founded, over the API. */
const FOUNDED = 12;
/** Hosts whose pages are asked for: each at first by somebody whom no cache knows. */
const ASKED = 4_000;
const LANES = 4;
const KEY = 'the key of the operators';
/** Until what a start leaves to be done is done. */
const IDLE_MS = 10_000;
const READY_MS = 60_000;
/** Asking costs, too. */
const POLL_MS = 40;

/** Ten thousand tenants: founding one, the page of a host that nobody has asked for, and what they cost when nobody asks. */
export const tenants: Part = {
  name: 'tenants',
  isAsked: true,
  async run({ code }) {
    const installation = await startInstallation(code, [], { POSTERN_TENANTS__API_KEY: KEY });
    try {
      const founded = await found(installation);
      await installation.restart();
      const alone = { ...(await idle(installation)), startedIn: installation.server.startedIn };
      const began = performance.now();
      await cloneTenant(installation.sql, founded.model, TENANTS);
      await vacuum(installation.sql);
      process.stderr.write(`${TENANTS} tenants in ${((performance.now() - began) / 1_000).toFixed(0)} s ... `);
      await installation.restart();
      const after = await idle(installation);
      return [
        ...founded.measures,
        ...(await pages(installation)),
        {
          name: `start, migrated, with ${count(TENANTS)} tenants`,
          value: installation.server.startedIn / 1_000,
          unit: 's',
          target: { most: 3 },
          baseline: { name: `with ${FOUNDED + 1}`, value: alone.startedIn / 1_000 },
        },
        {
          name: `idle memory with ${count(TENANTS)} tenants`,
          value: after.rss,
          unit: 'MiB',
          baseline: { name: `with ${FOUNDED + 1}`, value: alone.rss },
        },
        {
          name: `connections with ${count(TENANTS)} tenants`,
          value: after.connections,
          unit: '',
          baseline: { name: `with ${FOUNDED + 1}`, value: alone.connections },
        },
      ];
    } finally {
      await installation.stop();
    }
  },
};

/** Founds tenants over the API, one after the other, and waits until each has all that it starts with. */
async function found({ host, port }: Installation): Promise<{ measures: Measure[]; model: string }> {
  const api = async (path: string, body?: object) => {
    const answer = await fetch(`http://${host}:${port}/api/v3/tenants/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { tenant_uuid: string; ready: boolean };
  };
  const answered: number[] = [];
  const ready: number[] = [];
  let model = '';
  for (let number = 0; number < FOUNDED; number += 1) {
    const began = performance.now();
    const { tenant_uuid } = await api('tenants/', { name: `Tenant ${number}`, schema_name: `t_founded${number}` });
    answered.push(performance.now() - began);
    while (!(await api(`tenants/${tenant_uuid}/`)).ready) {
      if (performance.now() - began > READY_MS) throw new Error('a tenant does not get what it starts with');
      await sleep(POLL_MS);
    }
    ready.push(performance.now() - began);
    model = tenant_uuid;
  }
  // The first finds nothing warm.
  const sorted = Float64Array.from(ready.slice(1)).sort();
  const p50 = percentile(Float64Array.from(answered).sort(), 0.5).toFixed(1);
  const measure = {
    name: 'a tenant with all that it starts with, p50',
    value: percentile(sorted, 0.5),
    unit: 'ms',
    target: { most: 1_000 },
    note: `the call itself: p50 ${p50} ms; slowest ${percentile(sorted, 1).toFixed(0)} ms`,
  };
  return { measures: [measure], model };
}

/** What a visitor of a host asks for first: the page, its brand, and the first challenge. */
async function pages(installation: Installation): Promise<Measure[]> {
  const shapes = [
    ['start page', '/if/flow/default-authentication-flow/'],
    ['brand of a host', '/api/v3/core/brands/current/'],
    ['first challenge', '/api/v3/flows/executor/default-authentication-flow/?query='],
  ] as const;
  const measures: Measure[] = [];
  for (const [name, path] of shapes) {
    const requests = Array.from({ length: ASKED }, (_, index) => ({
      method: 'GET',
      path,
      headers: { host: `t${1 + Math.floor((index * TENANTS) / ASKED)}.bench.example` },
    }));
    const { host, port } = installation;
    const plan = { host, port, lanes: LANES, milliseconds: 60_000, warmUp: 0 };
    const result = await load({ ...plan, journey: 'once', options: { requests, lanes: LANES } });
    measures.push({
      name: `${name} of ${count(TENANTS)} tenants, p95`,
      value: percentile(result.latencies, 0.95),
      unit: 'ms',
      target: { most: 150 },
      note: `${LANES} at a time, every time another tenant: ${latencyOf(result)}`,
    });
  }
  return measures;
}

/** What the process holds when nobody asks for anything. */
async function idle({ server, sql }: Installation): Promise<{ rss: number; connections: number }> {
  await sleep(IDLE_MS);
  return { rss: memoryOf(server.pid).rss, connections: await connectionsOf(sql) };
}

async function connectionsOf(sql: pg.Pool): Promise<number> {
  const { rows } = await sql.query(
    "select count(*)::int as count from pg_stat_activity where application_name like 'postern%'",
  );
  return rows[0].count;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
