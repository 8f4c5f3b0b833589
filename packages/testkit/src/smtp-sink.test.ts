import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from './smtp-sink.ts';

const MAIL = 'Subject: Your code\r\n is ready\r\nTo: ada@example.com\r\n\r\nHello.\r\n\r\n12345';

let sink: SmtpSink;
afterEach(() => sink.stop());

async function start(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  sink = await startSmtpSink(options);
  return sink;
}

/** Says each line once the one before is answered; answers with the codes of all answers. */
async function converse(lines: readonly string[]): Promise<number[]> {
  const socket = connect(sink.port, '127.0.0.1');
  const codes: number[] = [];
  const waiting = [...lines];
  const answers = createInterface({ input: socket });
  for await (const line of answers) {
    if (line[3] === '-') continue;
    codes.push(Number(line.slice(0, 3)));
    const next = waiting.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
  socket.destroy();
  await once(socket, 'close');
  return codes;
}

const HELLO = 'EHLO client.example.com';
const ENVELOPE = ['MAIL FROM:<sso@example.com>', 'RCPT TO:<ada@example.com>', 'RCPT TO:<bob@example.com>', 'DATA'];
const signIn = (user: string, password: string) =>
  `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`;
const send = (...before: string[]) => converse([HELLO, ...before, ...ENVELOPE, `${MAIL}\r\n.`]);

describe('an SMTP sink', () => {
  it('refuses a mail of somebody who did not sign in, or not well', async () => {
    await start({ credentials: { user: 'mailer', password: 'right' } });
    expect(await converse([HELLO, 'MAIL FROM:<sso@example.com>'])).toEqual([220, 250, 530]);
    expect(await converse([HELLO, signIn('mailer', 'wrong')])).toEqual([220, 250, 535]);
    expect(sink.mails).toEqual([]);
  });

  it('tells who signed in', async () => {
    await start({ credentials: { user: 'mailer', password: 'right' } });
    await send(signIn('mailer', 'right'));
    expect(sink.mails[0]?.user).toBe('mailer');
  });

  it('refuses for a while when told to, and keeps nothing of that', async () => {
    await start();
    sink.refuse();
    expect((await send()).at(-1)).toBe(451);
    expect(sink.mails).toEqual([]);
    expect((await send()).at(-1)).toBe(250);
    expect(sink.mails).toHaveLength(1);
  });

  it('keeps envelope, headers and body of a mail', async () => {
    await start();
    const waiting = sink.next();
    await send();
    const mail = await waiting;
    expect(mail).toMatchObject({ from: 'sso@example.com', to: ['ada@example.com', 'bob@example.com'] });
    expect(mail.header('subject')).toBe('Your code is ready');
    expect(mail.header('cc')).toBeUndefined();
    expect(mail.body.trimEnd()).toBe('Hello.\r\n\r\n12345');
  });

  it('hands out each mail once, whether asked before or after it arrives', async () => {
    await start();
    const first = sink.next();
    await send();
    await send();
    expect(await first).toBe(sink.mails[0]);
    expect(await sink.next()).toBe(sink.mails[1]);
  });

  it('tells whoever waits that no mail will come', async () => {
    await start();
    const waiting = sink.next();
    await sink.stop();
    await expect(waiting).rejects.toThrow('the sink was stopped before a mail arrived');
  });
});
