import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A mail as it arrived. */
export type ReceivedMail = {
  /** Sender of the envelope; empty for the null sender. */
  readonly from: string;
  /** Recipients of the envelope. */
  readonly to: readonly string[];
  /** Value of a header, unfolded but not decoded; undefined where there is none. */
  header(name: string): string | undefined;
  /** What follows the headers, with its transfer encoding. */
  readonly body: string;
  /** Who signed in to send it, where the sink asks for that. */
  readonly user?: string;
};

/** How the sink behaves. */
export type SmtpSinkOptions = {
  /** Who may send. Default: anyone. */
  credentials?: { user: string; password: string };
  /** Offers STARTTLS with this certificate. Default: no TLS. */
  tls?: { key: string; cert: string };
};

/** What the sink does to a mail instead of taking it: a temporary failure, a refusal, silence, or hanging up. */
export type SmtpRefusal = 'later' | 'never' | 'silence' | 'hang up';

/** A real SMTP server that keeps what it is sent. */
export type SmtpSink = {
  readonly port: number;
  /** All mails that arrived, in order. */
  readonly mails: readonly ReceivedMail[];
  /** The first mail that this was not asked for before; waits until there is one. */
  next(): Promise<ReceivedMail>;
  /** Answers the next mails with a temporary failure (451), as a greylisting server does, or does worse. Default: one. */
  refuse(count?: number, how?: SmtpRefusal): void;
  /** Refuses these recipients for good (550). */
  refuseRecipients(...addresses: string[]): void;
  /** Closes it, open connections included. Whoever waits for a mail is told so. */
  stop(): Promise<void>;
};

/** Starts a server on a port of 127.0.0.1 that is free. */
export async function startSmtpSink({ credentials, tls }: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const inbox = createInbox();
  const refusals: SmtpRefusal[] = [];
  const refused = new Set<string>();
  const server = new SMTPServer({
    hideSTARTTLS: tls === undefined,
    ...tls,
    disableReverseLookup: true,
    closeTimeout: 100,
    authOptional: credentials === undefined,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      const isKnown = username === credentials?.user && password === credentials?.password;
      done(isKnown ? null : new Error('unknown user or password'), { user: username });
    },
    onRcptTo({ address }, _session, done) {
      done(refused.has(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      text(stream).then((source) => {
        const refusal = refusals.shift();
        if (refusal !== undefined) return refuse(refusal, done, session, server);
        inbox.put(mailOf(source, session));
        done();
      }, done);
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  // A client that goes away in the middle of a mail is no error of the sink.
  server.on('error', () => undefined);
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    mails: inbox.mails,
    next: inbox.next,
    refuse(count = 1, how = 'later') {
      refusals.push(...Array.from({ length: count }, () => how));
    },
    refuseRecipients(...addresses) {
      for (const address of addresses) refused.add(address);
    },
    stop() {
      inbox.close();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(how: SmtpRefusal, done: (error: Error) => void, { id }: SMTPServerSession, server: SMTPServer): void {
  if (how === 'silence') return;
  if (how === 'hang up') {
    for (const connection of server.connections) if (connection.id === id) connection.close();
    return;
  }
  const answer = how === 'later' ? ['try again later', 451] : ['we do not want this', 554];
  done(Object.assign(new Error(String(answer[0])), { responseCode: answer[1] }));
}

type Waiter = { resolve(mail: ReceivedMail): void; reject(reason: Error): void };

function createInbox() {
  const mails: ReceivedMail[] = [];
  const waiters: Waiter[] = [];
  let read = 0;
  return {
    mails,
    put(mail: ReceivedMail): void {
      mails.push(mail);
      const waiter = waiters.shift();
      if (waiter === undefined) return;
      read += 1;
      waiter.resolve(mail);
    },
    next(): Promise<ReceivedMail> {
      const mail = mails[read];
      if (mail === undefined) return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
      read += 1;
      return Promise.resolve(mail);
    },
    close(): void {
      for (const { reject } of waiters.splice(0)) reject(new Error('the sink was stopped before a mail arrived'));
    },
  };
}

function mailOf(source: string, { envelope, user }: SMTPServerSession): ReceivedMail {
  const [head = '', ...rest] = source.split('\r\n\r\n');
  // Unfolding: RFC 5322, section 2.2.3.
  const lines = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    body: rest.join('\r\n\r\n'),
    header(name) {
      const start = `${name.toLowerCase()}:`;
      const line = lines.find((one) => one.toLowerCase().startsWith(start));
      return line?.slice(start.length).trim();
    },
    ...(user === undefined ? {} : { user: String(user) }),
  };
}
