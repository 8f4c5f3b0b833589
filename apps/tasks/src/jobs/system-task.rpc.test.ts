import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT } from '@postern/database';
import { bindJobs, defineJob, handles, type JobHandler, job } from '@postern/jobs';
import { tasks as api, jobs as jobsApi } from '@postern/proto';
import {
  asService,
  createClient,
  createRpcServer,
  createSealer,
  noClient,
  type ReceivedHead,
  type UserPrincipal,
} from '@postern/rpc';
import { aTenant, TEST_SECRET } from '@postern/testkit';
import { expect, it, vi } from 'vitest';
import { aJobQueue } from './jobs.fixture.ts';
import { silentLog } from './log.fixture.ts';

const queue = await aJobQueue();
const sealer = createSealer(TEST_SECRET);
const { tenant } = aTenant();
const VIEW = 'authentik_rbac.view_system_tasks';
const RUN = 'authentik_rbac.run_system_tasks';
const CLEAN = { description: 'Remove expired objects', task: 'clean_expired_models' };

const bring = defineJob<{ to: string; fails: boolean }>({ name: 'tasks.bring', attempts: 1 });
const own = [
  handles(
    bring,
    async ({ fails }) => {
      if (fails) throw new Error('nobody opens');
    },
    { description: 'Bring', task: 'bring', visible: 'on_failure' },
  ),
  handles(defineJob({ name: 'tasks.clean_up' }), async () => ({ messages: ['Expired 2 Events'] }), CLEAN),
  handles(defineJob({ name: 'tasks.look' }), async () => ({ messages: ['Nobody asked.'], status: 'warning' }), {
    description: 'Look',
    task: 'look',
    visible: 'after_run',
  }),
];

/** The app that does the others: it can be away. */
const sendMail = defineJob<{ to: string; fails: boolean }>({ name: 'auth.send_mail', attempts: 1 });
const elsewhere: JobHandler[] = [
  handles(defineJob({ name: 'auth.clean_up' }), async () => ({ messages: ['Expired 3 Tokens'] }), CLEAN),
  handles(
    sendMail,
    async ({ fails }, { progress, tenant: own }) => {
      progress(1, 2, `for ${own}`);
      if (fails) throw new Error('the mail server says no');
    },
    { description: 'Send a mail', task: 'send_mail', uid: ({ to }) => to, visible: 'on_failure' },
  ),
];
const reported: string[] = [];
let isAway = true;

function serviceOf(handlers: readonly JobHandler[]) {
  const progress = {
    reportProgress: async ({ message = '' }) => {
      reported.push(message);
      return {};
    },
  };
  const server = createRpcServer({
    services: [bindJobs({ handlers, log: silentLog, progress })],
    sealer,
    log: silentLog,
  });
  return createClient(jobsApi.JobServiceDefinition, server.channel(), { sealer, service: 'tasks' });
}
const auth = serviceOf(elsewhere);
const apps = {
  tasks: serviceOf(own),
  auth: {
    ...auth,
    listJobs: (...args: Parameters<typeof auth.listJobs>) => {
      if (isAway) throw new TypeError('auth was called before it was started');
      return auth.listJobs(...args);
    },
  },
};
const engine = await queue.start(own, { apps });
const server = createRpcServer({ services: engine.services ?? [], sealer, log: silentLog });
const client = createClient(api.SystemTaskServiceDefinition, server.channel(), { sealer, service: 'gateway' });
const workers = createClient(api.WorkerServiceDefinition, server.channel(), { sealer, service: 'gateway' });

/** Somebody of a tenant. */
function as(of: string, permissions: string[] = [VIEW, RUN]) {
  const user = {
    pk: 7,
    uuid: randomUUID(),
    username: 'ada',
    name: 'Ada',
    email: 'a@example.com',
    type: 'internal',
  } as const;
  const principal: UserPrincipal = { kind: 'user', tenant: of, user, superuser: false, permissions, via: 'api_token' };
  return { context: { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(noClient(of, 'r')) } };
}
const list = async (of = DEFAULT_TENANT) => (await client.listSystemTasks({}, as(of))).items;
const entry = async (name: string, of = DEFAULT_TENANT) => (await list(of)).find(({ task_name }) => task_name === name);

it('refuses those who may not see tasks, or may not run them', async () => {
  const denied = { code: 'PERMISSION_DENIED' };
  await expect(client.listSystemTasks({}, as(DEFAULT_TENANT, []))).rejects.toMatchObject(denied);
  await expect(client.getSystemTask({ id: 'x' }, as(DEFAULT_TENANT, [RUN]))).rejects.toMatchObject(denied);
  const retry = (permissions: string[]) =>
    client.retrySystemTask({ id: 'clean_expired_models' }, as(DEFAULT_TENANT, permissions));
  await expect(retry([VIEW])).rejects.toMatchObject(denied);
  await expect(retry([RUN])).rejects.toMatchObject(denied);
  await expect(workers.getWorkers({}, as(DEFAULT_TENANT))).rejects.toMatchObject(denied);
});

it('does not count an attempt for which the app could not be reached', async () => {
  const id = await queue.enqueue(job(sendMail, { to: 'a', fails: false }), tenant);
  const row = async () =>
    (
      await queue.sql<{ state: string; data: { unreached?: number } }>(
        'select state, data from tasks_jobs.job where id = $1',
        [id],
      )
    )[0];
  await vi.waitFor(async () => expect((await row())?.data.unreached).toBeGreaterThan(0), 5_000);
  expect(await row()).toMatchObject({ state: 'retry' });
  isAway = false;
  await queue.sql('update tasks_jobs.job set start_after = now()');
  await vi.waitFor(async () => expect(await row()).toMatchObject({ state: 'completed' }), 5_000);
  expect(reported).toEqual([`for ${tenant}`]);
});

it('lists tasks that have not run, of all apps, once they say what they do', async () => {
  await vi.waitFor(async () => expect(await list()).toHaveLength(1), 5_000);
  expect(await list()).toMatchObject([
    {
      task_name: 'clean_expired_models',
      task_description: 'Remove expired objects',
      status: 'UNKNOWN',
      task_duration: 0,
      messages: ['Task has not been run yet.'],
    },
  ]);
});

it('joins what several apps say of one task; other tenants see that it ran, not what was said', async () => {
  await vi.waitFor(async () => {
    await client.retrySystemTask({ id: 'clean_expired_models' }, as(DEFAULT_TENANT));
    const messages = (await entry('clean_expired_models'))?.messages;
    expect(messages).toEqual(['Expired 3 Tokens', 'Expired 2 Events']);
  }, 10_000);
  expect(await entry('clean_expired_models')).toMatchObject({ status: 'SUCCESSFUL' });
  expect(await entry('clean_expired_models', tenant)).toMatchObject({ status: 'SUCCESSFUL', messages: [] });
  await expect(client.retrySystemTask({ id: 'clean_expired_models' }, as(tenant))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});

it('shows a task that is seen after it ran, or on failure, only then, and only to its tenant', async () => {
  const look = defineJob({ name: 'tasks.look' });
  expect(await entry('look')).toBeUndefined();
  await queue.enqueue(job(look, {}), tenant);
  await queue.enqueue(job(sendMail, { to: 'b', fails: false }), tenant);
  await queue.enqueue(job(sendMail, { to: 'c', fails: true }), tenant);
  await vi.waitFor(
    async () =>
      expect((await list(tenant)).map(({ task_name }) => task_name)).toEqual([
        'clean_expired_models',
        'look',
        'send_mail:c',
      ]),
    5_000,
  );
  expect(await entry('look', tenant)).toMatchObject({ status: 'WARNING', messages: ['Nobody asked.'] });
  expect(await entry('send_mail:c', tenant)).toMatchObject({
    status: 'ERROR',
    messages: ['Error: the mail server says no'],
  });
  expect(await client.getSystemTask({ id: 'send_mail:c' }, as(tenant))).toMatchObject({
    task_description: 'Send a mail',
  });
  await expect(client.getSystemTask({ id: 'send_mail:c' }, as(DEFAULT_TENANT))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await vi.waitFor(() =>
    expect(queue.failed).toMatchObject([{ name: 'auth.send_mail', task: 'send_mail', uid: 'c', attempts: 1 }]),
  );
});

it('does not hide what failed when something else of the same task succeeds', async () => {
  const { tenant: of } = aTenant();
  await queue.enqueue(job(bring, { to: 'ada', fails: true }), of);
  await vi.waitFor(async () => expect(await entry('bring', of)).toMatchObject({ status: 'ERROR' }), 5_000);
  const id = await queue.enqueue(job(bring, { to: 'bob', fails: false }), of);
  await vi.waitFor(async () => {
    expect(
      await queue.sql('select 1 from tasks_jobs.job where id = $1 and completed_on is not null', [id]),
    ).toHaveLength(1);
  }, 5_000);
  expect(await entry('bring', of)).toMatchObject({ status: 'ERROR' });
});

it('runs a task again with the arguments it had', async () => {
  const before = await queue.sql<{ n: string }>(
    "select count(*) n from tasks_jobs.job where data -> 'args' ->> 'to' = 'c'",
  );
  await client.retrySystemTask({ id: 'send_mail:c' }, as(tenant));
  await expect(client.retrySystemTask({ id: 'nope' }, as(tenant))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const after = await queue.sql<{ n: string }>(
    "select count(*) n from tasks_jobs.job where data -> 'args' ->> 'to' = 'c'",
  );
  expect([before[0]?.n, after[0]?.n]).toEqual(['1', '2']);
});

it('answers 500 without words when no app does the job any more', async () => {
  await queue.sql(`update job_kind set is_retired = true where name = 'auth.send_mail'`);
  let head: ReceivedHead | undefined;
  await client.retrySystemTask({ id: 'send_mail:c' }, as(tenant), {
    onHead: (received) => {
      head = received;
    },
  });
  expect(head?.status).toBe(500);
});

it('counts the workers that gave a sign of life of late', async () => {
  const count = async () => (await workers.getWorkers({}, asService(DEFAULT_TENANT))).count;
  expect(await count()).toBe(1);
  expect(await engine.queries.isRunning()).toBe(true);
  const second = queue.worker();
  await second.start?.();
  expect(await count()).toBe(2);
  await queue.sql(`update worker set beat_at = now() - interval '31 seconds'`);
  expect(await count()).toBe(0);
  await second.stop?.();
  expect(await queue.sql('select 1 from worker')).toHaveLength(1);
});
