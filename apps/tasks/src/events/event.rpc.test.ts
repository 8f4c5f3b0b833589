import type { tasks } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { aChange, servedTasks } from '../testing/served-tasks.ts';

const { client, as, hear, clock, tenant: aTenant, sql } = await servedTasks();
const UNKNOWN = '0197c0de-0000-7000-8000-00000000ffff';
const event = (given: Partial<tasks.Event> = {}) => ({ event: { action: 'login', app: 'test', ...given } });
const LOGIN = event({
  context: { authorized_application: { pk: 'abc', name: 'Wiki' } },
  user: { pk: 1, username: 'ada' },
});

describe('who may see the audit log', () => {
  it('refuses callers without the permission, and lets those with it read but not write', async () => {
    const tenant = aTenant();
    await expect(client.listEvents({}, as(tenant, []))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const reader = as(tenant, ['authentik_events.view_event']);
    expect((await client.listEvents({}, reader)).results).toEqual([]);
    await expect(client.createEvent(event(), reader)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('shows, changes and deletes nothing of another tenant', async () => {
    const [mine, other] = [as(aTenant()), as(aTenant())];
    const { pk } = await client.createEvent(event(), other);
    for (const event_uuid of [pk, UNKNOWN, 'no-uuid']) {
      await expect(client.getEvent({ event_uuid }, mine)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(client.updateEvent({ event_uuid, ...event() }, mine)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(client.deleteEvent({ event_uuid }, mine)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await client.listEvents({}, mine)).pagination?.count).toBe(0);
    expect(await client.getEvent({ event_uuid: pk }, other)).toMatchObject({ pk });
  });

  it('is closed to raw SQL on a partition, too', async () => {
    await client.createEvent(event(), as(aTenant()));
    const rows = await sql<{ open: boolean }>(
      `select bool_or(not relforcerowsecurity) as open from pg_class where relname like 'event%' and relkind in ('r', 'p') and relname <> 'event_month'`,
    );
    expect(rows[0]?.open).toBe(false);
  });
});

describe('events that callers write', () => {
  it('refuses what is no action and what is no address, and names the field', async () => {
    const admin = as(aTenant());
    await expect(client.createEvent(event({ action: 'dance' }), admin)).rejects.toMatchObject({
      violations: [{ field: 'event.action' }],
    });
    await expect(client.createEvent(event({ client_ip: 'here' }), admin)).rejects.toMatchObject({
      violations: [{ field: 'client_ip' }],
    });
    await expect(client.createEvent({}, admin)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('live for a year unless somebody says otherwise, and can be changed field by field', async () => {
    const admin = as(aTenant());
    const made = await client.createEvent(event({ client_ip: '192.0.2.1', context: { a: 1 } }), admin);
    expect(Date.parse(made.expires ?? '') - clock.now().getTime()).toBe(365 * 24 * 3600 * 1000);
    const changed = await client.updateEvent(
      { event_uuid: made.pk, event: { client_ip: undefined }, update_mask: ['client_ip'] },
      admin,
    );
    expect(changed).toEqual({ ...made, client_ip: undefined });
    await client.deleteEvent({ event_uuid: made.pk }, admin);
    await expect(client.getEvent({ event_uuid: made.pk }, admin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the list', () => {
  it('filters by what stands inside an event', async () => {
    const tenant = aTenant();
    const pk = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
    await hear(aChange('created', 'authentik_rbac.role', pk), tenant);
    await client.createEvent(LOGIN, as(tenant));
    const found = async (filter: object) =>
      (await client.listEvents(filter, as(tenant))).results.map(({ action }) => action);
    expect(await found({ context_model_pk: pk })).toEqual(['model_created']);
    expect(await found({ context_model_app: 'authentik_rbac', context_model_name: 'role' })).toEqual(['model_created']);
    expect(await found({ context_authorized_app: 'abc' })).toEqual(['login']);
    expect(await found({ username: 'ada', client_ip: '192.0.2.7' })).toEqual(['model_created']);
    expect(await found({ brand_name: 'Brand fallback' })).toEqual(['model_created']);
    expect(await found({ action: 'LOG' })).toEqual(['login']);
    expect(await found({ search: 'wiki' })).toEqual(['login']);
    expect(await found({ search: 'nothing' })).toEqual([]);
    expect(await found({ ordering: 'action' })).toEqual(['login', 'model_created']);
  });
});

describe('series', () => {
  it('count by window, latest first, with an empty point ahead', async () => {
    const admin = as(aTenant());
    await client.createEvent(event(), admin);
    const { items } = await client.listEventVolume({}, admin);
    expect(items).toHaveLength(22);
    expect(items.map(({ y_cord }) => y_cord).slice(0, 3)).toEqual([0, 1, 0]);
    const steps = items.slice(1).map((item, index) => (items[index]?.x_cord ?? 0) - item.x_cord);
    expect(new Set(steps)).toEqual(new Set([8 * 3600 * 1000]));
  });

  it('of a month take lookups, and refuse what is none', async () => {
    const admin = as(aTenant());
    await client.createEvent(LOGIN, admin);
    const total = async (query: string) => {
      const { items } = await client.listEventsPerMonth({ query }, admin);
      expect(items).toHaveLength(31);
      return items.reduce((sum, { y_cord }) => sum + y_cord, 0);
    };
    expect(await total('')).toBe(1);
    expect(await total('{"context__authorized_application__pk":"abc"}')).toBe(1);
    expect(await total('{"context__authorized_application__pk":"other"}')).toBe(0);
    for (const query of ['no json', '[]', '{"pk":"1"}', `{"context'":1}`, '{"context":1}']) {
      await expect(client.listEventsPerMonth({ query }, admin)).rejects.toMatchObject({
        violations: [{ field: 'query' }],
      });
    }
  });

  it('rank applications by their events', async () => {
    const admin = as(aTenant());
    await client.createEvent(LOGIN, admin);
    await client.createEvent(LOGIN, admin);
    await client.createEvent(event(), admin);
    expect((await client.listTopEventsPerUser({}, admin)).items).toEqual([
      { application: { pk: 'abc', name: 'Wiki' }, counted_events: 2, unique_users: 1 },
    ]);
    expect((await client.listTopEventsPerUser({ top_n: 0 }, admin)).items).toEqual([]);
  });
});
