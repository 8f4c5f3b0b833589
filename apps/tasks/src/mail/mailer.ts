import { Secret } from '@postern/config';
import type { Database } from '@postern/database';
import type { Logger } from '@postern/observability';
import { createInboxMailer } from './inbox.mailer.ts';
import type { EmailSettings } from './mail.settings.ts';
import { type Mail, type Mailer, MailFailure, type MailServer, type Sent } from './mail.ts';
import { createSmtpMailer } from './smtp.mailer.ts';

type Deps = { settings: EmailSettings; db: Pick<Database, 'write'>; log: Logger };

const LOOPBACK = /^(?:localhost|127\.|\[?::1\]?$)/;

/**
 * Creates the mailer that the settings ask for: a mail server, the inbox of development, or one that says that there is neither. A mail that
 * names a server of its own goes there, unless there is an inbox of development: that takes every mail.
 */
export function createMailer(deps: Deps): Mailer {
  const { settings, db } = deps;
  if (!settings.host && settings.devInbox) return createInboxMailer({ db, settings });
  const usual = usualMailer(deps);
  return {
    send: (mail, signal) =>
      mail.server === undefined ? usual.send(mail, signal) : sendBy(mail.server, mail, settings, signal),
    close: () => usual.close(),
  };
}

/** Over a connection of its own: such mails are few, and whose server it is may change with each. */
async function sendBy(server: MailServer, mail: Mail, settings: EmailSettings, signal?: AbortSignal): Promise<Sent> {
  const password = server.password === '' ? undefined : new Secret(server.password);
  const mailer = createSmtpMailer({ ...settings, ...server, password, ca: undefined, poolSize: 1 });
  try {
    return await mailer.send(mail, signal);
  } finally {
    mailer.close();
  }
}

function usualMailer({ settings, log }: Deps): Mailer {
  const { host, username, useTls, useSsl } = settings;
  if (host) {
    if (username && !useTls && !useSsl && !LOOPBACK.test(host))
      log.warn('POSTERN_EMAIL__PASSWORD goes over the network in clear: set POSTERN_EMAIL__USE_TLS');
    return createSmtpMailer({ ...settings, host });
  }
  return NO_MAILER;
}

const NO_MAILER: Mailer = {
  async send() {
    // Not for ever: whoever sets a server up may have the job tried again.
    throw new MailFailure('There is no mail server: set POSTERN_EMAIL__HOST.', { isPermanent: true });
  },
  close: () => undefined,
};
