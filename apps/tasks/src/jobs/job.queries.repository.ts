/** What can be asked about jobs: every question about those of somebody names the tenant. */

import { DEFAULT_TENANT } from '@postern/database';
import { conditionSql, type Fields, type Parameters, parameters } from './job.condition.ts';
import type { JobPage, JobPageRequest, JobQueries, JobSelection } from './job.queries.ts';
import {
  FAILED,
  failedOf,
  HEX,
  JOB_NAME,
  type JobRow,
  type KindRow,
  SCHEDULED,
  type Source,
  scheduledOf,
  WAITING,
  type WaitingRow,
  waitingOf,
} from './job.row.ts';
import type { JobSql } from './job.sql.ts';
import type { Workers } from './worker.repository.ts';

const FIELDS: Fields = {
  number: { sql: 'j.number', type: 'number' },
  id: { sql: HEX, type: 'text' },
  name: { sql: JOB_NAME, type: 'text' },
  attempt: { sql: '(j.retry_count + 1)', type: 'number' },
  created: { sql: 'j.created_on', type: 'time' },
  started: { sql: 'j.started_on', type: 'time' },
  stopped: { sql: 'j.completed_on', type: 'time' },
  success: { sql: "(j.state = 'completed')", type: 'boolean' },
};

/** What a list may be ordered by, and how it is ordered when nothing is said. */
type Orders = { readonly by: Readonly<Record<string, string>>; readonly fallback: string };

const WAITING_ORDERS: Orders = {
  by: { number: 'j.number', name: JOB_NAME, created: 'j.created_on' },
  fallback: 'j.number',
};
const FAILED_ORDERS: Orders = {
  by: { number: 'j.number', id: HEX, name: JOB_NAME, started: 'j.started_on', stopped: 'j.completed_on' },
  fallback: 'j.completed_on desc, j.number desc',
};
const SCHEDULED_ORDERS: Orders = {
  by: { number: 'j.number', name: 'j.name', last_run: 'j.last_run', next_run: 'j.next_run' },
  fallback: 'j.next_run nulls last, j.number',
};

export type JobQueriesDeps = { sql: JobSql; workers: Pick<Workers, 'count'> };

/** Creates what can be asked. */
export function createJobQueries({ sql, workers }: JobQueriesDeps): JobQueries {
  async function page<Row extends object>(
    source: Source,
    { by, fallback }: Orders,
    { words = [], ordering = [], limit, offset }: JobPageRequest<string>,
    tenant?: string,
  ): Promise<JobPage<Row>> {
    const params = parameters();
    const where = [source.where, ...ofTenant(tenant, params)];
    for (const word of words) where.push(`position(lower(${params.add(word)}) in lower(${by.name})) > 0`);
    const from = `from ${source.table} j ${source.join ?? ''} where ${where.join(' and ')}`;
    const [counted] = await sql.rows<{ count: number }>(`select count(*)::float8 as count ${from}`, params.values);
    const order = [...orderSql(ordering, by), fallback].join(', ');
    const part = `limit ${whole(limit)} offset ${whole(offset)}`;
    const rows = await sql.rows<Row>(`select ${source.columns} ${from} order by ${order} ${part}`, params.values);
    return { count: counted?.count ?? 0, rows };
  }

  async function count(source: Source, tenant?: string): Promise<number> {
    const params = parameters();
    const where = [source.where, ...ofTenant(tenant, params)].join(' and ');
    const text = `select count(*)::float8 as count from ${source.table} j where ${where}`;
    const [row] = await sql.rows<{ count: number }>(text, params.values);
    return row?.count ?? 0;
  }

  async function remove(source: Source, key: string, tenant: string, selection: JobSelection): Promise<number> {
    const { keys, conditions } = selection;
    const params = parameters();
    const where = [source.where, ...ofTenant(tenant, params)];
    for (const condition of conditions) where.push(conditionSql(condition, FIELDS, params));
    if (keys) where.push(keys.length > 0 ? `${key} in (${keys.map(params.add).join(', ')})` : 'false');
    const rows = await sql.rows(
      `delete from ${source.table} j where ${where.join(' and ')} returning 1`,
      params.values,
    );
    return rows.length;
  }

  return {
    async counts(tenant) {
      const [waiting, scheduled, failed] = [count(WAITING, tenant), count(SCHEDULED), count(FAILED, tenant)];
      return { waiting: await waiting, scheduled: await scheduled, failed: await failed };
    },
    isRunning: async () => (await workers.count()) > 0,
    async listWaiting(tenant, request) {
      const found = await page<WaitingRow>(WAITING, WAITING_ORDERS, request, tenant);
      return { count: found.count, rows: found.rows.map(waitingOf) };
    },
    async listFailed(tenant, request) {
      const found = await page<JobRow>(FAILED, FAILED_ORDERS, request, tenant);
      return { count: found.count, rows: found.rows.map(failedOf) };
    },
    async listScheduled(request) {
      const found = await page<KindRow>(SCHEDULED, SCHEDULED_ORDERS, request);
      return { count: found.count, rows: found.rows.map(scheduledOf) };
    },
    deleteWaiting: (tenant, selection) => remove(WAITING, 'j.number::text', tenant, selection),
    deleteFailed: (tenant, selection) => remove(FAILED, HEX, tenant, selection),
  };
}

/** Jobs of the tenant; those of the installation belong to the default one. */
function ofTenant(tenant: string | undefined, params: Parameters): string[] {
  if (tenant === undefined) return [];
  const own = tenant === DEFAULT_TENANT ? [tenant, ''] : [tenant];
  return [`(j.data ->> 'tenant') in (${own.map(params.add).join(', ')})`];
}

function orderSql(ordering: readonly string[], by: Orders['by']): string[] {
  return ordering.flatMap((each) => {
    const isDescending = each.startsWith('-');
    const name = isDescending ? each.slice(1) : each;
    return Object.hasOwn(by, name) ? [`${by[name]} ${isDescending ? 'desc nulls last' : 'asc nulls first'}`] : [];
  });
}

function whole(value: number): number {
  return Math.max(0, Math.trunc(value));
}
