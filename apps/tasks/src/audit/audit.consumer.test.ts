import { auth, directory, events } from '@postern/proto';
import { recordedFact } from '@postern/resource';
import { describe, expect, it } from 'vitest';
import { aChange, anEnvelope, LOCATED, servedTasks } from '../testing/served-tasks.ts';

const { client, as, hear, tenant: aTenant, db } = await servedTasks();

async function eventsOf(tenant: string) {
  return (await client.listEvents({}, as(tenant))).results;
}

it('keeps nothing of a fact it does not know, nor of one that belongs to no tenant', async () => {
  const tenant = aTenant();
  await hear({ type: 'postern.directory.v1.TenantCreated', subject: 'directory.v1.tenant.created' }, tenant);
  await hear({ ...aChange('created', 'authentik_core.authenticatedsession') }, tenant);
  expect(await eventsOf(tenant)).toEqual([]);
});

it('refuses to store a fact a second time under the same key', async () => {
  const tenant = aTenant();
  const { id } = await hear(aChange('created'), tenant);
  await expect(hear({ ...aChange('created'), id }, tenant)).rejects.toThrow();
  expect(await eventsOf(tenant)).toHaveLength(1);
});

it('tells who changed which object, from where, and in which request', async () => {
  const tenant = aTenant();
  const pk = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
  const { id } = await hear(aChange('updated', 'authentik_rbac.role', pk), tenant);
  expect(await eventsOf(tenant)).toMatchObject([
    {
      pk: id,
      action: 'model_updated',
      app: 'authentik.events.middleware',
      user: { pk: 7, username: 'ada', email: 'ada@example.com' },
      client_ip: '192.0.2.7',
      context: {
        model: { app: 'authentik_rbac', model_name: 'role', pk: 'aaaaaaaabbbb4ccc8dddeeeeeeeeeeee', name: 'staff' },
        http_request: { path: '/api/v3/rbac/roles/', method: 'POST', user_agent: 'a browser' },
      },
      brand: { app: 'authentik_brands', name: 'Brand fallback' },
    },
  ]);
});

it('names who acts as somebody else with them, whomever of the two the fact is about', async () => {
  const [ada, admin, other] = [
    { pk: 7, uuid: 'u-7', username: 'ada', email: 'ada@example.com', name: 'Ada' },
    { pk: 8, uuid: 'u-8', username: 'admin', email: '', name: '' },
    { pk: 9, uuid: 'u-9', username: 'other', email: '', name: '' },
  ];
  const actor = { kind: 'user', via: 'session', service: '', user: admin, on_behalf_of: ada };
  const passwordOf = (user: object | undefined) => ({
    subject: 'auth.v1.password.set',
    type: 'postern.auth.v1.PasswordSet',
    payload: auth.PasswordSet.encode(auth.PasswordSet.fromPartial({ user: { ...user }, usable: true })).finish(),
  });
  const both = {
    pk: 8,
    username: 'admin',
    email: '',
    on_behalf_of: { pk: 7, username: 'ada', email: 'ada@example.com' },
  };
  for (const [fact, user] of [
    [aChange('updated'), both],
    [passwordOf(ada), both],
    [passwordOf(admin), both],
    [passwordOf(other), { pk: 9, username: 'other', email: '' }],
  ] as const) {
    const tenant = aTenant();
    await hear({ ...fact, actor }, tenant);
    expect((await eventsOf(tenant))[0]?.user).toEqual(user);
  }
});

it('tells of which class a device was whose answer was wrong, and of no password then', async () => {
  const tenant = aTenant();
  const payload = auth.SessionLoginFailed.encode({
    username: 'ada',
    password: '',
    stage: { pk: '', name: 'mfa', model: 'authentik_stages_authenticator_validate.authenticatorvalidatestage' },
    device_class: 'duo',
    details: { duo_response: { result: 'deny' } },
  }).finish();
  const failed = { type: 'postern.auth.v1.SessionLoginFailed', subject: 'auth.v1.session.login_failed', payload };
  await hear(failed, tenant);
  const { context } = (await eventsOf(tenant))[0] ?? {};
  expect(context).toMatchObject({ username: 'ada', device_class: 'duo', duo_response: { result: 'deny' } });
  expect(context).not.toHaveProperty('password');
});

it('masks secrets, whatever a service sent, and unwraps the arguments of a flow', async () => {
  const tenant = aTenant();
  const payload = auth.SessionLoginFailed.encode({
    username: 'ada',
    password: 'not a mask',
    stage: { pk: '', name: 'password', model: 'authentik_stages_password.passwordstage' },
    device_class: '',
    details: undefined,
  }).finish();
  const client_ = {
    path: '/api/v3/flows/executor/x/',
    method: 'POST',
    address: '',
    user_agent: '',
    host: '',
    query: { query: 'next=%2F&token=abc' },
  };
  await hear(
    { type: 'postern.auth.v1.SessionLoginFailed', subject: 'auth.v1.session.login_failed', payload, client: client_ },
    tenant,
  );
  const [event] = await eventsOf(tenant);
  expect(event?.user).toMatchObject({ username: 'AnonymousUser' });
  expect(event?.context).toMatchObject({
    username: 'ada',
    password: '********************',
    http_request: { args: { next: '/', token: '********************' } },
  });
  expect(event?.client_ip).toBeUndefined();
});

it('lays each event into the partition of its month', async () => {
  const tenant = aTenant();
  await hear(aChange('created'), tenant);
  const rows = await db.read({ tenant }, (em) =>
    em.execute<{ name: string }[]>('select tableoid::regclass::text as name from event'),
  );
  expect(rows[0]?.name).toMatch(/event_\d{4}_\d\d$/);
});

const DAY_MS = 24 * 3600 * 1000;
const CLIENT = { address: LOCATED, user_agent: '', method: 'POST', path: '/api/v3/x/', query: {}, host: '' };
const from = (host: string) => ({ client: { ...CLIENT, host } });

/** A fact with a payload of its own. */
const aFact = <Message>(
  subject: string,
  type: string,
  codec: { encode(m: Message): { finish(): Uint8Array } },
  m: Message,
) => ({
  subject,
  type,
  payload: codec.encode(m).finish(),
});

const recorded = (fact: Partial<events.EventRecorded>) =>
  aFact(
    'auth.v1.event.recorded',
    'postern.events.v1.EventRecorded',
    events.EventRecorded,
    events.EventRecorded.fromPartial({ action: 'email_sent', app: 'test', ...fact }),
  );

const aBrand = (verb: string, pk: string, facts?: object) =>
  aFact(
    `directory.v1.brand.${verb}`,
    'postern.events.v1.ModelChanged',
    events.ModelChanged,
    events.ModelChanged.fromPartial({ model: 'authentik_brands.brand', pk, name: `Brand ${verb}`, facts }),
  );

describe('the brand of an event', () => {
  const SHOP = 'aaaaaaaa-bbbb-4ccc-8ddd-000000000001';
  const DEFAULT = 'aaaaaaaa-bbbb-4ccc-8ddd-000000000002';
  const shop = { domain: 'shop.example.com', default: false, event_retention: 'days=30' };
  const standard = { domain: 'authentik-default', default: true, event_retention: 'days=365' };

  async function told(tenant: string, host: string) {
    const { id } = await hear({ ...aChange('created'), ...from(host) }, tenant);
    const event = await client.getEvent({ event_uuid: id }, as(tenant));
    const kept = Date.parse(event.expires ?? '') - Date.parse(event.created ?? '');
    return [event.brand?.name, event.brand?.pk, kept / DAY_MS];
  }

  it('is that of the host that was asked, and says how long the event is kept', async () => {
    const tenant = aTenant();
    await hear({ ...aBrand('created', SHOP, shop), client: undefined }, tenant);
    await hear({ ...aBrand('created', DEFAULT, standard), client: undefined }, tenant);
    expect(await told(tenant, 'eu.SHOP.example.com')).toEqual(['Brand created', SHOP.replaceAll('-', ''), 30]);
    expect(await told(tenant, 'example.com')).toEqual(['Brand created', DEFAULT.replaceAll('-', ''), 365]);
    await hear(aBrand('updated', SHOP, { ...shop, event_retention: 'hours=12' }), tenant);
    expect(await told(tenant, 'shop.example.com')).toEqual(['Brand updated', SHOP.replaceAll('-', ''), 0.5]);
    await hear(aBrand('deleted', SHOP), tenant);
    expect((await told(tenant, 'shop.example.com')).at(1)).toBe(DEFAULT.replaceAll('-', ''));
  });

  it('is never that of another tenant', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    await hear(aBrand('created', SHOP, shop), other);
    expect((await told(mine, 'shop.example.com')).at(0)).toBe('Brand fallback');
  });

  it('is none of them where no host was asked: such events are kept for a year', async () => {
    const tenant = aTenant();
    await hear({ ...recorded({}), client: undefined }, tenant);
    const [event] = await eventsOf(tenant);
    expect(event?.brand).toMatchObject({ name: 'Brand fallback' });
    expect(Date.parse(event?.expires ?? '') - Date.parse(event?.created ?? '')).toBe(365 * DAY_MS);
  });
});

describe('what changed', () => {
  it('stands in the event: names of fields, values where they may be told, and never a secret', async () => {
    const tenant = aTenant();
    const change = events.ModelChanged.fromPartial({
      model: 'authentik_providers_oauth2.oauth2provider',
      pk: '7',
      name: 'Wiki',
      changed: ['name', 'client_secret', 'include_claims'],
      before: { name: 'wiki', include_claims: false },
      after: { name: 'Wiki', include_claims: true },
    });
    const fact = aFact('providers.v1.provider.updated', 'postern.events.v1.ModelChanged', events.ModelChanged, change);
    await hear(fact, tenant);
    expect((await eventsOf(tenant))[0]?.context).toMatchObject({
      model: { pk: 7 },
      diff: {
        name: { previous_value: 'wiki', new_value: 'Wiki' },
        client_secret: {},
        include_claims: { previous_value: false, new_value: true },
      },
    });
  });

  it('tells who joined or left a group', async () => {
    const tenant = aTenant();
    const group = { pk: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', name: 'staff', is_superuser: false, parent: '' };
    const { GroupMembersChanged } = directory;
    const change = (joined: number[], left: number[]) =>
      aFact('directory.v1.group.members_changed', 'postern.directory.v1.GroupMembersChanged', GroupMembersChanged, {
        ...{ group, joined, left },
      });
    await hear(change([1, 2], []), tenant);
    await hear(change([], [3]), tenant);
    const diffs = (await eventsOf(tenant)).map(({ action, context }) => [action, context?.diff]);
    expect(diffs).toContainEqual(['model_updated', { users: { add: true, pk_set: [1, 2], count: 2 } }]);
    expect(diffs).toContainEqual(['model_updated', { users: { remove: true, pk_set: [3], count: 1 } }]);
  });

  it('is no event when neither a request nor a user changed it', async () => {
    const tenant = aTenant();
    await hear({ ...aChange('created'), client: undefined, actor: undefined }, tenant);
    expect(await eventsOf(tenant)).toEqual([]);
    await hear({ ...aChange('created'), client: undefined }, tenant);
    expect(await eventsOf(tenant)).toHaveLength(1);
  });
});

describe('what services record for the log alone', () => {
  it('is kept in their words, with secrets masked and the place of the client', async () => {
    const tenant = aTenant();
    const user = { pk: 9, uuid: '', username: 'grace', email: '', name: '' };
    await hear({ ...recorded({ context: { subject: 'Hi', api_token: 'x' }, user }), ...from('') }, tenant);
    expect(await eventsOf(tenant)).toMatchObject([
      {
        action: 'email_sent',
        user: { username: 'grace' },
        context: { subject: 'Hi', api_token: '********************', geo: { country: 'GB', city: 'London' } },
      },
    ]);
  });

  it('becomes a custom action where the contract knows none', async () => {
    const tenant = aTenant();
    await hear(recorded({ action: 'dance <b>' }), tenant);
    await hear(recorded({ action: 'custom_notification_test' }), tenant);
    const actions = (await eventsOf(tenant)).map(({ action }) => action).sort();
    expect(actions).toEqual(['custom_dance__b_', 'custom_notification_test']);
  });

  it('is cut when it is too large, and freed from what no database keeps, but not lost', async () => {
    const tenant = aTenant();
    const context = { message: 'm'.repeat(200_000), list: Array.from({ length: 500 }, () => 'x'), nul: 'a\0b\ud800' };
    await hear(recorded({ context }), tenant);
    const [event] = await eventsOf(tenant);
    expect(JSON.stringify(event).length).toBeLessThan(66_000);
    expect(event?.context).toMatchObject({ nul: 'ab\ufffd', cut: expect.stringMatching(/^The context had \d+ bytes/) });
    let deep: object = {};
    for (let depth = 0; depth < 60; depth++) deep = { deep };
    await hear(recordedFact('auth', { action: 'email_sent', app: 'test', context: { deep } }), tenant);
    expect(await eventsOf(tenant)).toHaveLength(2);
  });
});

it('waits for nobody: a fact whose envelope lacks everything that may be missing is kept', async () => {
  const tenant = aTenant();
  const { id } = anEnvelope({});
  await hear({ ...recorded({}), id, actor: undefined, client: undefined, occurred_at: undefined }, tenant);
  expect((await eventsOf(tenant))[0]).toMatchObject({ pk: id, user: {}, client_ip: undefined });
});
