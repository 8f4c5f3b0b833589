import type { Database } from '@postern/database';
import type { Logger } from '@postern/observability';
import { createInboxMailer } from './inbox.mailer.ts';
import type { EmailSettings } from './mail.settings.ts';
import { type Mailer, MailFailure } from './mail.ts';
import { createSmtpMailer } from './smtp.mailer.ts';

type Deps = { settings: EmailSettings; db: Pick<Database, 'write'>; log: Logger };

const LOOPBACK = /^(?:localhost|127\.|\[?::1\]?$)/;

/** Creates the mailer that the settings ask for: a mail server, the inbox of development, or one that says that there is neither. */
export function createMailer({ settings, db, log }: Deps): Mailer {
  const { host, username, useTls, useSsl } = settings;
  if (host) {
    if (username && !useTls && !useSsl && !LOOPBACK.test(host))
      log.warn('POSTERN_EMAIL__PASSWORD goes over the network in clear: set POSTERN_EMAIL__USE_TLS');
    return createSmtpMailer({ ...settings, host });
  }
  return settings.devInbox ? createInboxMailer({ db, settings }) : NO_MAILER;
}

const NO_MAILER: Mailer = {
  async send() {
    // Not for ever: whoever sets a server up may have the job tried again.
    throw new MailFailure('There is no mail server: set POSTERN_EMAIL__HOST.', { isPermanent: true });
  },
  close: () => undefined,
};
