import { auth } from '@postern/proto';
import { expect, it } from 'vitest';
import { aChange, servedTasks } from '../testing/served-tasks.ts';

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
      brand: { app: 'authentik_brands', name: 'Default brand' },
    },
  ]);
});

it('masks secrets, whatever a service sent, and unwraps the arguments of a flow', async () => {
  const tenant = aTenant();
  const payload = auth.SessionLoginFailed.encode({
    username: 'ada',
    password: 'not a mask',
    stage: { pk: '', name: 'password', model: 'authentik_stages_password.passwordstage' },
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
