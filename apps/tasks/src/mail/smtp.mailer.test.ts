import { createServer } from 'node:net';
import { defineConfig, loadConfig, Secret } from '@postern/config';
import { createLogger } from '@postern/observability';
import { createAuthority, type SmtpSink, type SmtpSinkOptions, startSmtpSink } from '@postern/testkit';
import { afterEach, expect, it } from 'vitest';
import { type EmailSettings, emailSettings } from './mail.settings.ts';
import type { Mail, Mailer } from './mail.ts';
import { createMailer } from './mailer.ts';
import { sendTestMail } from './test-mail.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function sinkOf(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const sink = await startSmtpSink(options);
  closing.push(sink.stop);
  return sink;
}

const settingsOf = (given: Partial<EmailSettings>): EmailSettings => ({
  ...loadConfig(emailSettings, { env: {} }),
  host: 'localhost',
  timeout: 500,
  from: 'Postern <id@example.com>',
  ...given,
});

function mailerOf(given: Partial<EmailSettings>): Mailer {
  const db = { write: () => Promise.reject(new Error('nothing is kept')) };
  const mailer = createMailer({ settings: settingsOf(given), db, log: createLogger({ level: 'silent' }) });
  closing.push(mailer.close);
  return mailer;
}

/** A certificate that the authority vouches for. */
function certificateOf(authority: ReturnType<typeof createAuthority>) {
  const { key, cert } = authority.issue('mail');
  return { key: String(key), cert: String(cert) };
}

const mail = (given: Partial<Mail> = {}): Mail => ({
  pk: '0197c0de-0000-7000-8000-0000000000aa',
  tenant: '',
  from: '',
  to: [{ name: 'Ada', address: 'ada@example.com' }],
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
  ...given,
});

it('says that there is no mail server, and does not try again', async () => {
  await expect(mailerOf({ host: undefined }).send(mail())).rejects.toMatchObject({
    message: 'There is no mail server: set POSTERN_EMAIL__HOST.',
    isPermanent: true,
  });
  await expect(sendTestMail(settingsOf({ host: undefined }), 'ada@example.com')).rejects.toThrow('no mail server');
});

it('understands the names of the reference', () => {
  const env = {
    AUTHENTIK_EMAIL__HOST: 'mail.example.com',
    AUTHENTIK_EMAIL__USE_TLS: 'true',
    AUTHENTIK_EMAIL__TIMEOUT: '30',
  };
  const { email } = loadConfig(defineConfig({ email: emailSettings }), { env });
  expect([email.host, email.useTls, email.timeout]).toEqual(['mail.example.com', true, 30_000]);
});

it('takes a refusal of the recipient, or of the mail, for final', async () => {
  const sink = await sinkOf();
  const mailer = mailerOf({ port: sink.port });
  sink.refuseRecipients('gone@example.com');
  const gone = { name: '', address: 'gone@example.com' };
  await expect(mailer.send(mail({ to: [gone] }))).rejects.toMatchObject({ isPermanent: true });
  sink.refuse(1, 'never');
  await expect(mailer.send(mail())).rejects.toMatchObject({ isPermanent: true, message: expect.stringMatching('554') });
  expect(sink.mails).toEqual([]);
  const { refused } = await mailer.send(mail({ to: [gone, ...mail().to] }));
  expect([refused, sink.mails.map(({ to }) => to)]).toEqual([['gone@example.com'], [['ada@example.com']]]);
});

it.each(['later', 'silence', 'hang up'] as const)('may send again what was answered with: %s', async (how) => {
  const sink = await sinkOf();
  const mailer = mailerOf({ port: sink.port });
  sink.refuse(1, how);
  await expect(mailer.send(mail())).rejects.toMatchObject({ name: 'MailFailure', isPermanent: false });
  await mailer.send(mail());
  expect(sink.mails.map((one) => one.header('message-id'))).toEqual([`<${mail().pk}@example.com>`]);
});

it('does not wait for a server that says nothing, nor for one that is not there', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  closing.push(() => silent.close());
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(mailerOf({ host: '127.0.0.1', port }).send(mail())).rejects.toMatchObject({ isPermanent: false });
  await expect(mailerOf({ host: '127.0.0.1', port: 1 }).send(mail())).rejects.toMatchObject({ isPermanent: false });
});

it('sends nothing where STARTTLS is required and not offered, or nobody vouches for the server', async () => {
  const authority = createAuthority('those who know');
  const plain = await sinkOf();
  await expect(mailerOf({ port: plain.port, useTls: true }).send(mail())).rejects.toThrow(/STARTTLS|certificate/);
  const sink = await sinkOf({ tls: certificateOf(authority) });
  await expect(mailerOf({ port: sink.port, useTls: true }).send(mail())).rejects.toThrow(/certificate/);
  expect([plain.mails, sink.mails]).toEqual([[], []]);
  const ca = new Secret(authority.ca);
  await mailerOf({ port: sink.port, useTls: true, ca }).send(mail());
  expect(sink.mails).toHaveLength(1);
});

it('signs in, and sends nothing when it may not', async () => {
  const sink = await sinkOf({ credentials: { user: 'postern', password: 'right' } });
  const signedIn = (password: string) =>
    mailerOf({ port: sink.port, username: 'postern', password: new Secret(password) });
  await expect(signedIn('wrong').send(mail())).rejects.toMatchObject({ isPermanent: false });
  await expect(mailerOf({ port: sink.port }).send(mail())).rejects.toThrow();
  await signedIn('right').send(mail());
  expect(sink.mails.map(({ user }) => user)).toEqual(['postern']);
});

it('sends both forms, our picture within, and says that a machine wrote it', async () => {
  const sink = await sinkOf();
  expect(await sendTestMail(settingsOf({ port: sink.port }), 'ada@example.com')).toBe(
    `localhost:${sink.port} took the mail to ada@example.com.`,
  );
  const sent = await sink.next();
  expect([sent.from, sent.header('from'), sent.header('auto-submitted')]).toEqual([
    'id@example.com',
    'Postern <id@example.com>',
    'auto-generated',
  ]);
  for (const part of ['text/plain', 'text/html', 'image/png', 'Content-ID: <logo.png>'])
    expect(sent.body).toContain(part);
});
