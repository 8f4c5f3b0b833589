import type { Database } from '@postern/database';
import { FinalFailure, handles, type JobHandler } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import { recordedFact } from '@postern/resource';
import { findOutgoing, removeOutgoing } from './mail.repository.ts';
import { addressesOf, type Mailer, MailFailure, type MailServer } from './mail.ts';
import { sendMail } from './send-mail.order.ts';

type Deps = { db: Database; outbox: Outbox; mailer: Mailer };

/** Sends mails and tells the audit log of each. A mail whose sending was interrupted is sent again under the same Message-ID. */
export function sendMailJob({ db, outbox, mailer }: Deps): JobHandler {
  return handles(
    sendMail,
    async ({ mail: pk }, { tenant, signal }) => {
      const mail = await db.read({ tenant }, (em) => findOutgoing(em, pk));
      if (!mail) return { messages: ['This mail was sent before.'] };
      const { sender: from, recipients: to, subject, html, text, shown } = mail;
      const server = mail.server ? serverOf(mail.server) : undefined;
      const sent = await mailer.send({ pk, tenant, from, to, subject, html, text, server }, signal).catch(final);
      await db.write({ tenant }, async (em) => {
        await removeOutgoing(em, pk);
        await outbox.record(em, { tenant }, mailSent({ subject, shown, to: addressesOf(to), from: sent.from }));
      });
      if (sent.refused.length === 0) return { messages: ['Successfully sent Mail.'] };
      return { status: 'warning', messages: [`The mail server refused ${sent.refused.join(', ')}.`] };
    },
    { description: 'Send a mail', task: 'send_mail', uid: ({ mail }) => mail, visible: 'on_failure' },
  );
}

/** The server that a mail names, as it was stored with it. */
function serverOf(stored: string): MailServer {
  const server: MailServer = JSON.parse(stored);
  return server;
}

/** A mail that can never be sent is not tried again. */
function final(error: unknown): never {
  if (error instanceof MailFailure && error.isPermanent) throw new FinalFailure(error.message);
  throw error;
}

/** What the audit log hears of a mail that was sent. */
export type SentMail = {
  readonly subject: string;
  readonly shown: string;
  readonly to: string;
  readonly from: string;
  /** More that belongs to it. */
  readonly context?: Readonly<Record<string, unknown>>;
};

/** The fact that a mail was sent; what opens doors is masked in it. */
export function mailSent({ subject, shown, to, from, context = {} }: SentMail) {
  return recordedFact('tasks', {
    action: 'email_sent',
    app: 'authentik.stages.email.tasks',
    context: { message: `Email to ${to} sent`, subject, body: shown, from_email: from, to_email: to, ...context },
  });
}
