import { events } from '@postern/proto';
import { asService } from '@postern/rpc';
import { startSmtpSink } from '@postern/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { servedTelling } from '../testing/served-telling.fixture.ts';

const sink = await startSmtpSink();
afterAll(sink.stop);
const served = await servedTelling({ email: { host: 'localhost', port: sink.port } });

const RESET = {
  template: 'email/password_reset.html',
  to: [{ name: 'Ada', address: 'ada@example.com' }],
  subject: 'A new password',
  context: { url: 'https://id.example.com/?flow_token=opensdoors', user: { name: 'Ada', username: 'ada' } },
};

/** What the audit log hears of a tenant. */
async function recorded(tenant: string) {
  const found = (await served.facts(tenant)).filter(({ type }) => type === 'postern.events.v1.EventRecorded');
  return found.map(({ payload }) => events.EventRecorded.decode(payload));
}

describe('mail for other services', () => {
  it('is closed to people', async () => {
    const tenant = served.tenant();
    await expect(served.mail.sendMail(RESET, served.as(tenant))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('is refused without a template that can be used, and without recipients', async () => {
    const tenant = served.tenant();
    const send = (given: object) => served.mail.sendMail({ ...RESET, ...given }, asService(tenant));
    await expect(send({ template: '../mail.html' })).rejects.toMatchObject({ reason: 'MAIL_TEMPLATE_UNKNOWN' });
    await expect(send({ to: [] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(send({ to: [{ address: 'nobody' }] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await served.work(tenant)).toEqual([]);
  });

  it('is sent by a job whose arguments say nothing of it, and told without what opens doors', async () => {
    const tenant = served.tenant();
    const { pk } = await served.mail.sendMail(RESET, asService(tenant));
    const waiting = await served.sql('select * from outgoing_mail where pk = $1', [pk]);
    const told = (await served.facts(tenant)).map(({ payload }) => Buffer.from(payload).toString());
    expect(`${JSON.stringify(waiting)}${told.join('')}`).not.toContain('opensdoors');
    expect(await served.work(tenant)).toMatchObject([{ messages: ['Successfully sent Mail.'], status: 'successful' }]);
    const mail = await sink.next();
    expect([mail.to, mail.header('message-id')]).toEqual([['ada@example.com'], `<${pk}@localhost>`]);
    const [event] = await recorded(tenant);
    expect(event).toMatchObject({
      action: 'email_sent',
      app: 'authentik.stages.email.tasks',
      context: { message: 'Email to ada@example.com sent', subject: 'A new password', to_email: 'ada@example.com' },
    });
    expect(JSON.stringify(event)).not.toContain('opensdoors');
    expect(await served.run(tenant, 'tasks.send_mail', { mail: pk })).toMatchObject({
      messages: ['This mail was sent before.'],
    });
    expect(sink.mails).toHaveLength(1);
  });

  it('stays for another try when the server is busy, and is given up when it is refused', async () => {
    const tenant = served.tenant();
    const { pk } = await served.mail.sendMail(RESET, asService(tenant));
    sink.refuse(1, 'later');
    expect(await served.work(tenant)).toMatchObject([{ isFinal: false }]);
    sink.refuse(1, 'never');
    expect(await served.run(tenant, 'tasks.send_mail', { mail: pk })).toMatchObject({
      isFinal: true,
      error: expect.stringContaining('554'),
    });
    expect(await recorded(tenant)).toEqual([]);
    served.clock.advance(8 * 24 * 3_600_000);
    await served.run('', 'tasks.clean_up_mail', {});
    expect(await served.sql('select pk from outgoing_mail where pk = $1', [pk])).toEqual([]);
  });

  it('goes by a server of its own, whose password is sealed and told to nobody', async () => {
    const own = await startSmtpSink({ credentials: { user: 'stage', password: 'opens-the-relay' } });
    afterAll(own.stop);
    const tenant = served.tenant();
    const server = { host: 'localhost', port: own.port, username: 'stage', password: 'opens-the-relay' };
    const wrong = { ...RESET, server: { ...server, port: 0 } };
    await expect(served.mail.sendMail(wrong, asService(tenant))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const before = sink.mails.length;
    const { pk } = await served.mail.sendMail({ ...RESET, from: 'stage@example.com', server }, asService(tenant));
    const waiting = await served.sql('select * from outgoing_mail where pk = $1', [pk]);
    const told = (await served.facts(tenant)).map(({ payload }) => Buffer.from(payload).toString());
    expect(`${JSON.stringify(waiting)}${told.join('')}`).not.toContain('opens-the-relay');
    await served.work(tenant);
    const mail = await own.next();
    expect([mail.user, mail.from, sink.mails.length]).toEqual(['stage', 'stage@example.com', before]);
    expect(JSON.stringify(await recorded(tenant))).not.toContain('opens-the-relay');
  });

  it('can be made of ours', async () => {
    const { templates } = await served.mail.listMailTemplates({}, asService(served.tenant()));
    expect(templates.map(({ name }) => name)).toEqual(['email/password_reset.html', 'email/account_confirmation.html']);
  });
});

describe('the inbox of development', () => {
  it('is not there where a mail server is, nor where it is off', async () => {
    const off = await servedTelling();
    const boss = served.as(served.tenant());
    for (const { inbox } of [served, off])
      await expect(inbox.showMails({}, boss)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('shows mails to superusers of their tenant, and lets them run and load nothing', async () => {
    const developed = await servedTelling({ email: { devInbox: true } });
    const tenant = developed.tenant();
    const { pk } = await developed.mail.sendMail({ ...RESET, subject: '<b>' }, asService(tenant));
    await developed.work(tenant);
    const viewer = developed.as(tenant, { permissions: ['authentik_core.view_user'] });
    await expect(developed.inbox.showMails({}, viewer)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const boss = developed.as(tenant);
    const text = async (page: Promise<{ data: Uint8Array }>) => Buffer.from((await page).data).toString();
    expect(await text(developed.inbox.showMails({}, boss))).toContain('&lt;b&gt;');
    expect(await text(developed.inbox.showMail({ mail: pk }, boss))).toContain('sandbox="allow-popups');
    let policy = '';
    const body = developed.inbox.showMailBody({ mail: pk }, boss, {
      onHead: ({ headers }) => {
        policy = headers.find(([name]) => name === 'content-security-policy')?.[1] ?? '';
      },
    });
    expect(await text(body)).toMatch(/data:image\/png;base64/);
    expect(policy).toMatch(/^sandbox [^;]*; default-src 'none'/);
    const elsewhere = developed.as(developed.tenant());
    await expect(developed.inbox.showMail({ mail: pk }, elsewhere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [kept] = await developed.sql('select * from kept_mail');
    expect(JSON.stringify(kept)).not.toContain('opensdoors');
  });

  it('keeps the last hundred', async () => {
    const developed = await servedTelling({ email: { devInbox: true } });
    const tenant = developed.tenant();
    for (let count = 0; count < 103; count += 1) await developed.mail.sendMail(RESET, asService(tenant));
    await developed.work(tenant);
    expect(await developed.sql('select count(*)::int as count from kept_mail')).toEqual([{ count: 100 }]);
  });
});
