import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type SmtpSink, startSmtpSink } from '@postern/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { ask } from './http.client.ts';
import { ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';

/** What a receiver of webhooks does. */
const WAYS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/hangs': () => undefined,
  '/fails': (response) => void response.writeHead(500).end('broken'),
  '/moves': (response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
};

let platform: Platform;
let sink: SmtpSink;
let api: Api;
const calls: { path: string; body: Json; id: unknown }[] = [];
const receiver = createServer(async (request, response) => {
  const { url: path = '', headers } = request;
  calls.push({ path, body: JSON.parse(await text(request)), id: headers['idempotency-key'] });
  (WAYS[path] ?? ((fine) => fine.end('thanks')))(response);
});
const callsTo = (path: string) => calls.filter((call) => call.path === path);

beforeAll(async () => {
  sink = await startSmtpSink();
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const mail = { POSTERN_EMAIL__HOST: '127.0.0.1', POSTERN_EMAIL__PORT: String(sink.port) };
  platform = await oneProcess.start({ ...BOOTSTRAP, ...mail, POSTERN_EGRESS__ALLOW: '127.0.0.0/8' });
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
});
afterAll(async () => {
  await platform?.stop();
  receiver.close().closeAllConnections();
  await sink?.stop();
});

/** A way that notifications travel; a path of the receiver for webhooks. Answers its key. */
async function aWay(mode: string, path = '', given: Json = {}): Promise<unknown> {
  const { port } = receiver.address() as AddressInfo;
  const webhook_url = path === '' ? '' : `http://127.0.0.1:${port}${path}`;
  return (await api.post('/events/transports/', { name: `${mode} ${path}`, mode, webhook_url, ...given })).pk;
}

/** A rule for events of one action, or of none. */
async function aRule(action: string | undefined, group: unknown, transports: readonly unknown[]): Promise<Json> {
  const rule = await api.post('/events/rules/', { name: randomUUID(), severity: 'warning', group, transports });
  if (action === undefined) return rule;
  const policy = await api.post('/policies/event_matcher/', { name: randomUUID(), action });
  await api.post('/policies/bindings/', { target: rule.pk, policy: policy.pk, order: 0, enabled: true, timeout: 30 });
  return rule;
}

async function aGroup(...names: readonly string[]): Promise<{ pk: unknown; people: Json[] }> {
  const people: Json[] = [];
  for (const name of names)
    people.push(await api.post('/core/users/', { username: name, name, email: `${name}@example.com` }));
  const { pk } = await api.post('/core/groups/', { name: names.join(' '), users: people.map((one) => one.pk) });
  return { pk, people };
}

const happens = (action: string, message: string) =>
  api.post('/events/events/', { action, app: 'door', context: { message } });

const toldTo = async ({ pk }: Json) => {
  const all = await api.list(`/events/notifications/?user=${pk}`);
  return all.map(({ body, severity, seen }) => ({ body, severity, seen }));
};

async function listOf(path: string): Promise<Json[]> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return JSON.parse((await ask({ url: new URL(path, platform.url), headers })).text);
}

it('reach everybody in a group by every way of a rule whose policy an event meets, and nobody by another', async () => {
  const { pk: group, people } = await aGroup('ada', 'bob');
  const expression = 'return {"text": notification.body, "to": request.user.username, "n": len(notification.severity)}';
  const mapping = await api.post('/propertymappings/notification/', { name: 'short', expression });
  const ways = [
    await aWay('local'),
    await aWay('webhook', '/plain'),
    await aWay('webhook', '/once', { send_once: true }),
    await aWay('webhook', '/mapped', { webhook_mapping: mapping.pk }),
    await aWay('email'),
  ];
  await aRule(undefined, group, [await aWay('webhook', '/unbound')]);
  await aRule('suspicious_request', group, ways);
  await happens('user_write', 'Nothing to see.');
  await happens('suspicious_request', 'The door is open.');

  const [one, other] = [await sink.next(), await sink.next()];
  expect([...one.to, ...other.to].toSorted()).toEqual(['ada@example.com', 'bob@example.com']);
  expect(one.body).toContain('The door is open.');
  await until(
    async () => calls.length,
    (count) => count >= 5,
    30_000,
  );
  expect(callsTo('/plain').map(({ body }) => body)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ body: 'The door is open.', severity: 'warning', user_username: 'ada' }),
      expect.objectContaining({ body: 'The door is open.', severity: 'warning', user_username: 'bob' }),
    ]),
  );
  expect(
    callsTo('/mapped')
      .map(({ body }) => body)
      .toSorted((a, b) => String(a.to).localeCompare(String(b.to))),
  ).toEqual(['ada', 'bob'].map((to) => ({ text: 'The door is open.', to, n: 7 })));
  for (const person of people) {
    const told = await until(
      () => toldTo(person),
      ({ length }) => length > 0,
    );
    expect(told).toEqual([{ body: 'The door is open.', severity: 'warning', seen: false }]);
  }
  const counts = ['/plain', '/once', '/mapped', '/unbound'].map((path) => callsTo(path).length);
  expect([...counts, sink.mails.length]).toEqual([2, 1, 2, 0, 2]);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(5);
});

it('are marked as seen by who reads them, and stay unseen for others', async () => {
  const [ada = {}, bob = {}] = await Promise.all(
    ['ada', 'bob'].map(async (name) => (await api.list(`/core/users/?username=${name}`))[0]),
  );
  const { identifier } = await api.post('/core/tokens/', { identifier: 'ada', intent: 'api', user: ada.pk });
  const { key } = await api.get(`/core/tokens/${identifier}/view_key/`);
  const hers = apiOf({ url: platform.url, token: String(key) });
  const seen = await hers.list('/events/notifications/');
  expect(seen.map(({ body }) => body)).toEqual(['The door is open.']);
  await hers.post('/events/notifications/mark_all_seen/');
  expect(await toldTo(ada)).toMatchObject([{ seen: true }]);
  expect(await toldTo(bob)).toMatchObject([{ seen: false }]);
});

it('that do not arrive are shown as errors, and keep nobody else waiting', async () => {
  const { pk: group, people } = await aGroup('cyd');
  const broken = [
    await aWay('webhook', '/hangs'),
    await aWay('webhook', '/fails'),
    await aWay('webhook', '/moves'),
    await aWay('webhook_slack', '/fails', { name: 'slack' }),
  ];
  await aRule('invitation_used', group, broken);
  await aRule('source_linked', group, [await aWay('local', '', { name: 'here' })]);
  await happens('invitation_used', 'Somebody looked.');
  await until(
    async () => calls.filter(({ path }) => path in WAYS).length,
    (count) => count >= 4,
  );
  await happens('source_linked', 'Changed.');
  const told = await until(
    () => toldTo(people[0] ?? {}),
    ({ length }) => length > 0,
    5_000,
  );
  expect(told).toMatchObject([{ body: 'Changed.' }]);
  const tasks = await until(
    () => listOf('/api/v3/admin/system_tasks/'),
    (all) => all.some(({ task_name }) => task_name === 'notification_transport'),
  );
  expect(tasks.find(({ task_name }) => task_name === 'notification_transport')).toMatchObject({
    status: 'ERROR',
    messages: [expect.stringContaining('The webhook')],
  });
  await giveUp();
  const failed = await until(
    () => listOf('/api/background-task/failed/'),
    (all) => all.filter(({ func }) => func === 'tasks.deliver_notification').length === 4,
    30_000,
  );
  const results = failed.map(({ result }) => String(result)).join('\n');
  for (const reason of ['took too long', 'redirects elsewhere', 'status 500']) expect(results).toContain(reason);
  expect(results).not.toContain('127.0.0.1');
  expect((await listOf('/api/background-task/pending/')).map(({ func }) => func)).not.toContain(
    'tasks.deliver_notification',
  );
});

/** Lets deliveries that wait for another attempt have one more, soon: the twelve that they get take an hour. */
async function giveUp(): Promise<void> {
  const database = new pg.Client({ connectionString: platform.databaseUrl });
  await database.connect();
  await database.query(`update tasks_jobs.job_common set data = jsonb_set(data, '{attempts}', '2')
    where data ->> 'name' = 'tasks.deliver_notification' and state <= 'active'`);
  await database.end();
}
