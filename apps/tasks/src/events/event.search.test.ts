import type { tasks } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedTasks } from '../testing/served-tasks.ts';

const { client, as, tenant: aTenant, sql, db } = await servedTasks();

type Given = Partial<tasks.Event>;
const record = (tenant: string, given: Given) =>
  client.createEvent({ event: { action: 'login', app: 'authentik.events.signals', ...given } }, as(tenant));

const found = async (tenant: string, search: string) =>
  (await client.listEvents({ search, ordering: 'app' }, as(tenant))).results.map(({ app }) => app);

describe('searching events', () => {
  const tenant = aTenant();

  it.each([
    ['ada', ['a']],
    ['ADA@EXAMPLE', ['a']],
    ['xample.co', ['a', 'b']],
    ['192.0.2', ['b']],
    ['pages', ['b']],
    ['name": "Wiki', ['b']],
    ['/pages/wiki', ['b']],
    ['ada, login', ['a']],
    ['ada pages', []],
    ['username', ['a', 'b', 'c']],
    ['gr', ['b', 'c']],
    ['10%', ['c']],
    ['1_%', []],
    ["o'hara", ['c']],
    ['back\\\\slash', ['c']],
    ['grüße', ['c']],
    ['ÄRGER', ['c']],
    ['no such thing', []],
    [' ,, ', ['a', 'b', 'c']],
    ['\0', ['a', 'b', 'c']],
  ])('for %j finds %j', async (search, expected) => {
    if ((await client.listEvents({}, as(tenant))).results.length === 0) {
      await record(tenant, { app: 'a', user: { username: 'ada', email: 'ada@example.com' } });
      const context = { application: { name: 'Wiki' }, http_request: { path: '/pages/wiki/' } };
      await record(tenant, {
        app: 'b',
        user: { username: 'grace', email: 'g@example.com' },
        client_ip: '192.0.2.1',
        context,
      });
      const odd = {
        share: '10% of it',
        who: "O'Hara",
        path: 'back\\slash',
        hello: 'Grüße',
        mood: 'ÄRGER',
        username: 'x',
      };
      await record(tenant, { app: 'c', action: 'logout', context: odd, user: { username: 'alan' } });
    }
    expect(await found(tenant, search)).toEqual(expected);
  });

  it('takes no longer for thousands of words', async () => {
    expect(await found(tenant, 'login '.repeat(5_000))).toEqual(await found(tenant, 'login'));
    expect(await found(tenant, Array.from({ length: 5_000 }, (_, at) => `word${at}`).join(' '))).toEqual([]);
  });

  it('finds an event by the beginning of its key, and by the whole of it', async () => {
    const own = aTenant();
    const { pk } = await record(own, { app: 'key' });
    for (const term of [pk, pk.toUpperCase(), pk.slice(0, 8), pk.slice(0, 13)])
      expect(await found(own, term)).toEqual(['key']);
    expect(await found(own, 'ffffffff-0000')).toEqual([]);
  });

  it('follows an event that changes, and finds nothing of another tenant', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    const { pk } = await record(mine, { context: { note: 'first-words' } });
    await record(other, { context: { note: 'first-words' } });
    const event = { context: { note: 'second-words' } };
    await client.updateEvent({ event_uuid: pk, event, update_mask: ['context'] }, as(mine));
    expect(await found(mine, 'first-words')).toEqual([]);
    expect(await found(mine, 'second-words')).toHaveLength(1);
    expect(await found(other, 'second-words')).toEqual([]);
  });

  it('is led by the index of words, and filters by theirs, behind row-level security', async () => {
    const own = aTenant();
    await sql(
      `insert into event (pk, tenant_id, created, expires, "user", action, app, context)
       select gen_random_uuid(), $1, now() - n * interval '1 second', now() + interval '1 day', jsonb_build_object('username', 'user-' || n),
         'login', 'bulk', jsonb_build_object('model', jsonb_build_object('pk', n)) from generate_series(1, 100) n`,
      [own],
    );
    expect((await client.listEvents({ search: 'user-77' }, as(own))).results).toHaveLength(1);
    expect((await client.listEvents({ context_model_pk: '77' }, as(own))).results).toHaveLength(1);
    await sql('analyze event');
    // So few rows are faster read than looked up: what counts is whether an index may be asked at all.
    const [leaky] = await sql<{ count: string }>(
      `select count(*) from pg_proc where proname in ('arrayoverlap', 'texticlike', 'texteq') and not proleakproof`,
    );
    expect(leaky?.count).toBe('0');
    const plan = await db.read({ tenant: own }, async (em) => {
      await em.execute('set local enable_seqscan = off');
      return em.execute<unknown[]>(`explain select pk from event where username = 'user-7'`);
    });
    expect(JSON.stringify(plan)).toMatch(/Index Cond: [^"]*username/);
  });
});

describe('counts of events', () => {
  it('follow what is added, changed and deleted, in the list, in series and in rankings', async () => {
    const tenant = aTenant();
    const admin = as(tenant);
    const wiki = { context: { authorized_application: { pk: 'wiki' } }, user: { pk: 1 } };
    const first = await record(tenant, { action: 'login', ...wiki });
    await record(tenant, { action: 'login', ...wiki });
    const volume = async (action: string) =>
      (await client.listEventVolume({ action }, admin)).items.reduce((sum, { y_cord }) => sum + y_cord, 0);
    const top = async (action: string) =>
      (await client.listTopEventsPerUser({ action }, admin)).items.map((one) => [one.counted_events, one.unique_users]);
    expect([await volume('login'), await volume(''), await top('login')]).toEqual([2, 2, [[2, 1]]]);
    await client.updateEvent({ event_uuid: first.pk, event: { action: 'logout' }, update_mask: ['action'] }, admin);
    expect([await volume('login'), await volume('log'), await top('login'), await top('logout')]).toEqual([
      1,
      2,
      [[1, 1]],
      [[1, 1]],
    ]);
    await client.deleteEvent({ event_uuid: first.pk }, admin);
    expect([await volume(''), await top('logout')]).toEqual([1, []]);
    expect((await client.listEvents({}, admin)).pagination?.count).toBe(1);
  });

  it('are closed to other tenants, in raw SQL too', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    await record(other, { context: { authorized_application: { pk: 'wiki' } }, user: { pk: 1 } });
    for (const table of [
      'event_count',
      'event_application',
      'event_application_user',
      'event_word',
      'brand',
      'event',
    ]) {
      const rows = await db.read({ tenant: mine }, (em) => em.execute<unknown[]>(`select * from ${table}`));
      expect([table, rows]).toEqual([table, []]);
      await expect(
        db.write({ tenant: mine }, (em) => em.execute(`update ${table} set tenant_id = '${other}'`)),
      ).resolves.toBeDefined();
    }
    expect((await client.listEvents({}, as(other))).pagination?.count).toBe(1);
  });
});
