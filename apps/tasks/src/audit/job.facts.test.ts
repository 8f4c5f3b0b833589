import { jobs } from '@postern/proto';
import { expect, it } from 'vitest';
import { servedTasks } from '../testing/served-tasks.ts';
import { createAudit } from './index.ts';

const { client, as, hear, tenant: aTenant } = await servedTasks();

const failed = (name: string, task = '') => ({
  subject: 'jobs.v1.job.failed',
  type: 'postern.jobs.v1.JobFailed',
  payload: jobs.JobFailed.encode({ id: 'i', name, task, uid: '', attempts: 5, error: 'no route' }).finish(),
});

it('tells of a job that is given up, under the name that administrators know', async () => {
  const tenant = aTenant();
  await hear(failed('tasks.clean_up', 'clean_expired_models'), tenant);
  const { results } = await client.listEvents({}, as(tenant));
  expect(results).toMatchObject([
    {
      action: 'system_task_exception',
      app: 'authentik.events.monitored_tasks',
      context: { message: 'Task clean_expired_models encountered an error: no route' },
    },
  ]);
});

it('is silent about jobs that tell of events: telling of those would never end', async () => {
  const tenant = aTenant();
  await hear(failed('tasks.judge_events'), tenant);
  await hear(failed('tasks.deliver_notification', 'notification_transport'), tenant);
  await hear(failed('tasks.send_mail', 'send_mail'), tenant);
  expect((await client.listEvents({}, as(tenant))).results).toEqual([]);
});

it('does not hear of jobs that are merely asked for', () => {
  const geo = { locate: async () => undefined };
  const filters = createAudit({ geo }).handlers.map(({ filter }) => filter);
  expect(filters.some((filter) => filter === '>' || filter === 'jobs.>')).toBe(false);
});
