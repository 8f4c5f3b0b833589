import { asService } from '@postern/rpc';
import { expect, it } from 'vitest';
import { servedTasks } from '../testing/served-tasks.ts';

const served = await servedTasks();

async function record(tenant: string, action: string, user: object, context: object): Promise<void> {
  const event = { action, app: 'test', user, context, expires: served.clock.now().toISOString() };
  await served.client.createEvent({ event }, served.as(tenant));
}

const total = async (tenant: string, query: object) => {
  const { items } = await served.series.getEventSeries({ query: JSON.stringify(query) }, asService(tenant));
  return [items.length, items.reduce((sum, { y_cord }) => sum + y_cord, 0)];
};

it('counts the events of a week that match exactly, for services alone', async () => {
  const tenant = served.tenant();
  await record(tenant, 'login', { pk: 1 }, {});
  await record(tenant, 'login', { pk: 2 }, {});
  await record(tenant, 'login_failed', {}, { username: 'ada' });
  await record(served.tenant(), 'login', { pk: 1 }, {});
  expect(await total(tenant, { action: 'login' })).toEqual([22, 2]);
  expect(await total(tenant, { action: 'login', user__pk: 1 })).toEqual([22, 1]);
  expect(await total(tenant, { action: 'login_failed', context__username: 'ada' })).toEqual([22, 1]);
  await expect(served.series.getEventSeries({ query: '[]' }, asService(tenant))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  await expect(served.series.getEventSeries({ query: '{}' }, served.as(tenant))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});
