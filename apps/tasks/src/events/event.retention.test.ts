import { beforeEach, describe, expect, it } from 'vitest';
import { servedTasks } from '../testing/served-tasks.ts';
import { ensureMonths, forgetExpired } from './index.ts';

const DAY = 24 * 3600 * 1000;
const { client, as, tenant: aTenant, db, sql, clock } = await servedTasks();

const LOGIN = { action: 'authorize_application', app: 'test', context: { authorized_application: { pk: 'wiki' } } };

/** Records an event that is kept for so many days. */
async function record(tenant: string, days: number, user = 1): Promise<void> {
  const expires = new Date(clock.now().getTime() + days * DAY).toISOString();
  await client.createEvent({ event: { ...LOGIN, user: { pk: user, username: `user-${user}` }, expires } }, as(tenant));
}

const total = async (tenant: string) => (await client.listEvents({}, as(tenant))).pagination?.count;
const top = async (tenant: string) =>
  (await client.listTopEventsPerUser({ action: LOGIN.action }, as(tenant))).items.map((one) => [
    one.counted_events,
    one.unique_users,
  ]);
const months = async () => {
  const rows = await sql<{ name: string }>(
    `select relname as name from pg_class where relname ~ '^event_\\d{4}_\\d\\d$' order by 1`,
  );
  return rows.map(({ name }) => name);
};
const monthOf = (date: Date) => `event_${date.toISOString().slice(0, 7).replace('-', '_')}`;

let tenant: string;
// Each test has months of its own.
beforeEach(async () => {
  clock.advance(124 * DAY);
  tenant = aTenant();
  await sql('insert into known_tenant (tenant) values ($1)', [tenant]);
  await ensureMonths({ db, clock });
});

describe('forgetting events', () => {
  it('deletes those whose time is over, of every tenant, and counts them no more', async () => {
    const other = aTenant();
    await record(tenant, -1, 1);
    await record(tenant, 20, 2);
    await record(other, -1);
    expect(await top(tenant)).toEqual([[2, 2]]);
    expect(await forgetExpired({ db, clock })).toBe(2);
    expect([await total(tenant), await total(other)]).toEqual([1, 0]);
    expect([await top(tenant), await top(other)]).toEqual([[[1, 1]], []]);
    expect(await forgetExpired({ db, clock })).toBe(0);
  });

  it('drops a month as soon as nothing of it is to be kept, with its counts, words and rankings', async () => {
    const old = monthOf(clock.now());
    await record(tenant, 10, 1);
    await record(tenant, 10, 2);
    clock.advance(62 * DAY);
    await ensureMonths({ db, clock });
    await record(tenant, 10, 2);
    expect(await months()).toContain(old);
    // Rows would be deleted one by one if the partition were not dropped; here nobody may.
    await sql(`create function refuse() returns trigger language plpgsql as $$ begin raise 'row by row'; end $$`);
    await sql(`create trigger refuse before delete on ${old} for each row execute function refuse()`);
    expect(await forgetExpired({ db, clock })).toBeGreaterThanOrEqual(2);
    expect(await months()).not.toContain(old);
    expect([await total(tenant), await top(tenant)]).toEqual([1, [[1, 1]]]);
    expect((await client.listEvents({ search: 'user-2' }, as(tenant))).results).toHaveLength(1);
    expect(await sql('select * from event_word where tenant_id = $1 and word = $2', [tenant, 'user-1'])).toEqual([]);
  });

  it('keeps a month while one event of it is to be kept', async () => {
    const month = monthOf(clock.now());
    await record(tenant, 10);
    await record(tenant, 100);
    clock.advance(62 * DAY);
    await forgetExpired({ db, clock });
    expect([await months(), await total(tenant)]).toEqual([expect.arrayContaining([month]), 1]);
  });

  it('stops between two batches when the process drains', async () => {
    await record(tenant, -1);
    await expect(forgetExpired({ db, clock }, AbortSignal.abort())).rejects.toThrow();
    expect(await total(tenant)).toBe(1);
  });
});
