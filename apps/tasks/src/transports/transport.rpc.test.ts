import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { startSmtpSink } from '@postern/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { servedTelling } from '../testing/served-telling.fixture.ts';

const sink = await startSmtpSink();
afterAll(sink.stop);
const served = await servedTelling({ email: { host: 'localhost', port: sink.port } });
const { transports, mappings, notifications, around, as, facts } = served;

/** What the webhook was sent, and how it answers. */
const received: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];
let answer: (response: ServerResponse) => void;
const hook = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
  answer(response);
});
await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
afterAll(() => hook.close().closeAllConnections());
const bound = hook.address();
const port = typeof bound === 'object' && bound ? bound.port : 0;
const URL_OF_HOOK = `http://127.0.0.1:${port}/hook?token=abc`;

let tenant: string;
beforeEach(() => {
  tenant = served.tenant();
  received.length = 0;
  answer = (response) => response.end('ok');
});

const create = (given: object) =>
  transports.createNotificationTransport(
    { notification_transport: { name: 'way', mode: 'local', ...given } },
    as(tenant),
  );
const patch = (uuid: string, change: object) =>
  transports.updateNotificationTransport(
    { uuid, notification_transport: change, update_mask: Object.keys(change) },
    as(tenant),
  );

/** The interpreter of mappings may take its time to start. */
const PATIENT = { deadlineMs: 60_000 };

/** Tries a transport as somebody of the directory. */
async function tried(given: object, pk = served.user().pk): Promise<unknown> {
  const { pk: uuid } = await create({ name: `way ${pk}`, ...given });
  const { data } = await transports.testNotificationTransport({ uuid }, as(tenant, { pk }), PATIENT);
  return JSON.parse(Buffer.from(data).toString());
}

describe('a transport', () => {
  it.each(['', 'nonsense', 'ftp://example.com/', 'javascript:alert(1)', 'http:///x', `https://x/${'a'.repeat(2_100)}`])(
    'with a webhook refuses the address %s',
    async (webhook_url) => {
      await expect(create({ mode: 'webhook', webhook_url })).rejects.toMatchObject({
        violations: [
          {
            field: 'webhook_url',
            description: webhook_url === '' ? 'Webhook URL may not be empty.' : 'Enter a valid URL.',
          },
        ],
      });
    },
  );

  it('needs its address in the request that chooses a webhook, and keeps it', async () => {
    const { pk } = await create({ webhook_url: URL_OF_HOOK });
    await expect(patch(pk, { mode: 'webhook' })).rejects.toMatchObject({ violations: [{ field: 'webhook_url' }] });
    await patch(pk, { mode: 'webhook', webhook_url: URL_OF_HOOK });
    await expect(patch(pk, { webhook_url: '' })).rejects.toMatchObject({ violations: [{ field: 'webhook_url' }] });
    expect(await patch(pk, { name: 'other' })).toMatchObject({ webhook_url: URL_OF_HOOK, mode: 'webhook' });
    await expect(create({ name: 'other' })).rejects.toMatchObject({
      violations: [{ description: 'Notification Transport with this name already exists.' }],
    });
  });

  it('shows its address to those alone who may change it, seals it, and finds it', async () => {
    const { pk } = await create({ mode: 'webhook', webhook_url: URL_OF_HOOK });
    const viewer = as(tenant, { permissions: ['authentik_events.view_notificationtransport'] });
    const seen = await transports.getNotificationTransport({ uuid: pk }, viewer);
    expect(seen.webhook_url).toBe(`http://127.0.0.1:${port}`);
    const [row] = await served.sql('select * from notification_transport where pk = $1', [pk]);
    expect(JSON.stringify(row)).not.toContain('token=abc');
    const found = await transports.listNotificationTransports({ webhook_url: URL_OF_HOOK }, as(tenant));
    expect(found.results.map((one) => one.pk)).toEqual([pk]);
    const told = (await facts(tenant)).map(({ payload }) => Buffer.from(payload).toString());
    expect(told.join('')).not.toContain('token=abc');
  });
});

describe('a try', () => {
  it('stores a notification with its event', async () => {
    const { pk } = served.user();
    expect(await tried({}, pk)).toEqual({ messages: [] });
    const { results } = await notifications.listNotifications({}, as(tenant, { pk }));
    expect(results).toMatchObject([
      {
        severity: 'notice',
        body: `Test Notification from transport way ${pk}`,
        event: { context: { context: { foo: 'bar' } } },
      },
    ]);
  });

  it('calls a webhook in plain words, and tells what it answered', async () => {
    const user = served.user();
    expect(await tried({ mode: 'webhook', webhook_url: URL_OF_HOOK }, user.pk)).toEqual({ messages: ['200', 'ok'] });
    expect(received).toMatchObject([{ path: '/hook?token=abc', headers: { 'content-type': 'application/json' } }]);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      body: `Test Notification from transport way ${user.pk}`,
      severity: 'notice',
      user_email: user.email,
      user_username: user.username,
      event_user_email: 'a@b.c',
      event_user_username: 'ada',
    });
  });

  it('speaks to a channel so that no event can mention or link', async () => {
    const user = served.user({ username: '<!channel>' });
    await tried({ mode: 'webhook_slack', webhook_url: URL_OF_HOOK }, user.pk);
    const { attachments } = JSON.parse(received[0]?.body ?? '');
    expect(attachments).toMatchObject([
      {
        title: 'custom_notification_test',
        fields: [
          { title: 'Severity', value: 'notice', short: true },
          { title: 'Dispatched for user', value: '&lt;!channel&gt;', short: true },
          { title: 'Event user', value: 'ada', short: true },
          { title: 'custom', value: 'notification_test' },
        ],
      },
    ]);
  });

  it.each([
    [
      'answers with 500',
      (response: ServerResponse) => response.writeHead(500).end('no'),
      'The webhook answered with status 500.',
    ],
    [
      'redirects to an internal address',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'The webhook was not called: The server redirects elsewhere.',
    ],
    [
      'hangs up',
      (response: ServerResponse) => response.destroy(),
      'The webhook was not called: The server cannot be reached.',
    ],
  ])('says so when the webhook %s', async (_what, reply, message) => {
    answer = reply;
    expect(await tried({ mode: 'webhook', webhook_url: URL_OF_HOOK })).toBe(message);
  });

  it('reads no more of a long answer than it needs', async () => {
    answer = (response) => response.end('x'.repeat(10_000_000));
    const { messages } = (await tried({ mode: 'webhook', webhook_url: URL_OF_HOOK })) as { messages: string[] };
    expect([messages[0], messages[1]?.length]).toEqual(['200', 64 * 1024]);
  });

  it('sends a mail, and masks nothing but what opens doors in the audit log', async () => {
    const user = served.user();
    expect(await tried({ mode: 'email' }, user.pk)).toEqual({ messages: null });
    const mail = await sink.next();
    expect([mail.to, mail.header('subject')]).toEqual([[user.email], 'Postern Notification: custom_notification_test']);
    const recorded = (await facts(tenant)).find(({ subject }) => subject === 'tasks.v1.event.recorded');
    expect(Buffer.from(recorded?.payload ?? []).toString()).toMatch(/email_sent[\s\S]*notification_transport/);
  });

  it('says so when the mail server refuses, or there is no address', async () => {
    const gone = served.user({ email: 'gone@example.com' });
    sink.refuseRecipients('gone@example.com');
    expect(await tried({ mode: 'email' }, gone.pk)).toMatch(/no such mailbox/);
    const nobody = served.user({ email: '' });
    expect(await tried({ mode: 'email' }, nobody.pk)).toBe(`${nobody.username} has no e-mail address.`);
  });
});

describe('a mapping', { timeout: 60_000 }, () => {
  const map = async (expression: string) =>
    (
      await mappings.createNotificationWebhookMapping(
        { notification_webhook_mapping: { name: expression, expression } },
        as(tenant),
      )
    ).pk;

  // An interpreter serves one tenant: all of these share one.
  const own = served.tenant();
  beforeEach(() => {
    tenant = own;
  });
  beforeAll(async () => {
    tenant = own;
    await tried({ mode: 'webhook', webhook_url: URL_OF_HOOK, webhook_mapping: await map('return 1') });
  }, 60_000);

  it('is refused when it does not compile', async () => {
    await expect(map('return {')).rejects.toMatchObject({ violations: [{ field: 'expression' }] });
  });

  it('makes what a webhook is sent', async () => {
    const webhook_mapping = await map(
      'return {"text": notification.body, "to": request.user.username, "what": notification.event.action, "foo": notification.event.context["context"]["foo"]}',
    );
    const user = served.user();
    await tried({ mode: 'webhook', webhook_url: URL_OF_HOOK, webhook_mapping }, user.pk);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      text: `Test Notification from transport way ${user.pk}`,
      to: user.username,
      what: 'custom_notification_test',
      foo: 'bar',
    });
  });

  it('changes what is stored here', async () => {
    const webhook_mapping = await map('notification.body = user.username + "!"\nnotification.severity = "alert"');
    const user = served.user();
    await tried({ webhook_mapping }, user.pk);
    const { results } = await notifications.listNotifications({}, as(tenant, { pk: user.pk }));
    expect(results).toMatchObject([{ body: `${user.username}!`, severity: 'alert' }]);
  });

  it('that fails sends nothing, and is told to the audit log with the line', async () => {
    const webhook_mapping = await map('a = 1\nreturn 1 / 0');
    expect(await tried({ mode: 'webhook', webhook_url: URL_OF_HOOK, webhook_mapping })).toMatch(/division by zero/);
    expect(received).toEqual([]);
    const recorded = (await facts(tenant)).find(({ subject }) => subject === 'tasks.v1.event.recorded');
    expect(Buffer.from(recorded?.payload ?? []).toString()).toMatch(/property_mapping_exception/);
  });

  it('leaves the transport when it is deleted', async () => {
    const webhook_mapping = await map('return 2');
    const { pk } = await create({ mode: 'webhook', webhook_url: URL_OF_HOOK, webhook_mapping });
    await mappings.deleteNotificationWebhookMapping({ pm_uuid: webhook_mapping }, as(tenant));
    expect((await transports.getNotificationTransport({ uuid: pk }, as(tenant))).webhook_mapping).toBeUndefined();
  });
});

it('is not brought at all where the operator allows no internal address', async () => {
  const fenced = await servedTelling({ allow: [] });
  const user = fenced.user();
  const way = { name: 'inside', mode: 'webhook', webhook_url: URL_OF_HOOK };
  const { pk } = await fenced.transports.createNotificationTransport({ notification_transport: way }, as(tenant));
  const { data } = await fenced.transports.testNotificationTransport({ uuid: pk }, as(tenant, { pk: user.pk }));
  expect(Buffer.from(data).toString()).toBe(
    '"The webhook was not called: The address belongs to an internal network."',
  );
  expect([received, around.asked]).toEqual([[], []]);
});
