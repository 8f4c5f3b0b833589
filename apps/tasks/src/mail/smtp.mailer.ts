import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmailSettings } from './mail.settings.ts';
import { type Mail, type Mailer, MailFailure } from './mail.ts';

/** Picture that the templates show, in the mail itself: nothing is loaded from elsewhere. */
export const LOGO = { name: 'logo.png', file: join(import.meta.dirname, '../../templates/email/logo.png') } as const;

/** Longest that sending one mail may take, beside the time for each answer. */
const LONGEST_MS = 60_000;

type SmtpSettings = EmailSettings & { host: string };

/** Creates a mailer that speaks to the mail server of the settings, over a few connections that are kept for a while. */
export function createSmtpMailer(settings: SmtpSettings): Mailer {
  let opened: ReturnType<typeof open> | undefined;
  const logo = readFileSync(LOGO.file);

  return {
    async send(mail, signal) {
      const limit = AbortSignal.timeout(LONGEST_MS);
      try {
        const from = mail.from || settings.from;
        opened ??= open(settings);
        const { rejected } = await (await opened).sendMail({
          ...messageOf(mail, from, logo),
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
        });
        return { from, refused: [...rejected] };
      } catch (error) {
        throw failureOf(error);
      }
    },
    close: () => void opened?.then((transport) => transport.close()),
  };
}

async function open(settings: SmtpSettings) {
  const { host, port, username, password, useTls, useSsl, ca, timeout, poolSize } = settings;
  // It takes memory and time to load: most processes send no mail.
  const { createTransport } = await import('nodemailer');
  return createTransport({
    pool: true,
    host,
    port,
    secure: useSsl,
    requireTLS: useTls && !useSsl,
    // As configured and not as offered: a server that offers TLS with a certificate nobody signed is a common relay on the same machine.
    ignoreTLS: !useTls,
    auth: username ? { user: username, pass: password?.reveal() ?? '' } : undefined,
    tls: ca ? { ca: ca.reveal() } : {},
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    maxConnections: Math.max(1, poolSize),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function messageOf({ pk, to, subject, html, text }: Mail, from: string, logo: Buffer) {
  const hasLogo = html.includes(`cid:${LOGO.name}`);
  return {
    messageId: `<${pk}@${domainOf(from)}>`,
    from,
    to: to.map(({ name, address }) => ({ name, address })),
    subject,
    html,
    text,
    attachments: hasLogo
      ? [{ filename: LOGO.name, cid: LOGO.name, content: logo, contentDisposition: 'inline' as const }]
      : [],
    // RFC 3834, section 5: no machine answers a machine.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** The domain of a sender, for the right side of a Message-ID (RFC 5322, section 3.6.4). */
export function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
}

/** What a mail server says: its code, in which command, and its words. */
type Answer = Error & { code?: unknown; responseCode?: unknown; command?: unknown };

function failureOf(error: unknown): MailFailure {
  if (!(error instanceof Error)) return new MailFailure(String(error));
  const { responseCode, command, code }: Answer = error;
  const isRefusal = typeof responseCode === 'number' && responseCode >= 500;
  // A sign-in that is refused may be mended by the operator; a recipient or a mail that is refused is refused for good (RFC 5321, section 4.2.1).
  const isPermanent = isRefusal && typeof command === 'string' && /^(?:RCPT|MAIL|DATA)/.test(command);
  const isEnvelope = code === 'EENVELOPE' && responseCode === undefined;
  return new MailFailure(error.message, { isPermanent: isPermanent || isEnvelope, cause: error });
}
