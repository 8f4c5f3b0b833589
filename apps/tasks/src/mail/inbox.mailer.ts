import type { Database } from '@postern/database';
import { keepMail } from './mail.repository.ts';
import type { EmailSettings } from './mail.settings.ts';
import type { Mailer } from './mail.ts';

type Deps = { db: Pick<Database, 'write'>; settings: Pick<EmailSettings, 'from'> };

/** Creates a mailer that sends nothing: mails lie in an inbox, for whoever develops. */
export function createInboxMailer({ db, settings }: Deps): Mailer {
  return {
    async send({ tenant, pk, from, to, subject, html, text }) {
      const sender = from || settings.from;
      await db.write({ tenant }, (em) => keepMail(em, { pk, sender, recipients: [...to], subject, html, text }));
      return { from: sender, refused: [] };
    },
    close: () => undefined,
  };
}
