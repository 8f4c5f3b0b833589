import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { servedTelling } from '../testing/served-telling.fixture.ts';
import { storeNotification } from './index.ts';

const served = await servedTelling();
const { notifications, as, db } = served;

async function tell(tenant: string, user: number, event: string | null = null): Promise<string> {
  const pk = randomUUID();
  const created = served.clock.now();
  await db.write({ tenant }, (em) =>
    storeNotification(em, { pk, severity: 'notice', body: `for ${user}`, created, event, user }),
  );
  return pk;
}

const plain = (tenant: string, pk: number) => as(tenant, { pk, permissions: [] });
const bodies = async (request: object, origin: ReturnType<typeof as>) =>
  (await notifications.listNotifications(request, origin)).results.map(({ body }) => body);

it('belongs to its reader: others neither read, change nor delete it, a superuser only lists it', async () => {
  const tenant = served.tenant();
  const uuid = await tell(tenant, 1);
  for (const other of [plain(tenant, 2), as(tenant, { pk: 2 }), plain(served.tenant(), 1)]) {
    await expect(notifications.getNotification({ uuid }, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const change = { uuid, notification: { seen: true }, update_mask: ['seen'] };
    await expect(notifications.updateNotification(change, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(notifications.deleteNotification({ uuid }, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
  expect(await bodies({}, plain(tenant, 2))).toEqual([]);
  expect(await bodies({ user: 1 }, plain(tenant, 2))).toEqual([]);
  expect(await bodies({}, as(tenant, { pk: 2 }))).toEqual(['for 1']);
  expect(await bodies({ user: 3 }, as(tenant, { pk: 2 }))).toEqual([]);
});

it('takes nothing of a request but whether it was seen', async () => {
  const tenant = served.tenant();
  const uuid = await tell(tenant, 1);
  const changed = await notifications.updateNotification(
    { uuid, notification: { seen: true, body: 'x', severity: 'alert', event: { action: 'login', app: 'x' } } },
    plain(tenant, 1),
  );
  expect(changed).toMatchObject({ seen: true, body: 'for 1', severity: 'notice', event: undefined });
});

it('is marked as seen together with all others of its reader', async () => {
  const tenant = served.tenant();
  await Promise.all([tell(tenant, 1), tell(tenant, 1), tell(tenant, 2)]);
  await notifications.markAllNotificationsSeen({}, plain(tenant, 1));
  expect(await bodies({ seen: false }, as(tenant))).toEqual(['for 2']);
});

it('is cleaned up when it was seen or its event is gone', async () => {
  const tenant = served.tenant();
  const kept = await served.record(tenant);
  await tell(tenant, 1, kept);
  await tell(tenant, 2, randomUUID());
  await tell(tenant, 3);
  await tell(tenant, 4, kept);
  await notifications.markAllNotificationsSeen({}, plain(tenant, 4));
  const { messages } = await served.run('', 'tasks.clean_up_notifications', {});
  expect(messages[0]).toMatch(/^Expired \d+ Notifications$/);
  expect(await bodies({}, as(tenant))).toEqual(['for 1']);
});

it('goes with its reader', async () => {
  const tenant = served.tenant();
  await Promise.all([tell(tenant, 1), tell(tenant, 2)]);
  await db.write({ tenant }, (em) => served.local.forget(em, 'authentik_core.user', '1'));
  expect(await bodies({}, as(tenant))).toEqual(['for 2']);
});
