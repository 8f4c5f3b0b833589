import { expect, it } from 'vitest';
import { servedTasks } from '../testing/served-tasks.ts';

const { client, metrics, as, anonymous, tenant: aTenant } = await servedTasks();

const sum = (series: readonly { y_cord: number }[]) => series.reduce((total, { y_cord }) => total + y_cord, 0);

async function countsFor(caller: ReturnType<typeof as>) {
  const { logins, logins_failed, authorizations } = await metrics.getLoginMetrics({}, caller);
  expect([logins.length, logins_failed.length, authorizations.length]).toEqual([22, 22, 22]);
  return [sum(logins), sum(logins_failed), sum(authorizations)];
}

it('counts sign-ins, failed ones and authorizations of the tenant; zeros for who may not see events', async () => {
  const tenant = aTenant();
  for (const action of ['login', 'login', 'login_failed', 'authorize_application', 'logout']) {
    await client.createEvent({ event: { action, app: 'test' } }, as(tenant));
  }
  await expect(metrics.getLoginMetrics({}, anonymous(tenant))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await countsFor(as(tenant, []))).toEqual([0, 0, 0]);
  expect(await countsFor(as(aTenant()))).toEqual([0, 0, 0]);
  expect(await countsFor(as(tenant, ['authentik_events.view_event']))).toEqual([2, 1, 1]);
});
