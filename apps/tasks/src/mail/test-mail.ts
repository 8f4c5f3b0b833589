import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT } from '@postern/database';
import { createComposer } from './mail.composer.ts';
import type { EmailSettings } from './mail.settings.ts';
import { MailFailure } from './mail.ts';
import { createSmtpMailer } from './smtp.mailer.ts';

/**
 * Sends one mail to see whether mail works: by the mail server of the settings, at once, without a job. Answers what happened, in a sentence.
 * Throws MailFailure.
 */
export async function sendTestMail(settings: EmailSettings, address: string): Promise<string> {
  const { host, port, templateDir, useTls, useSsl } = settings;
  if (!host) throw new MailFailure('There is no mail server: set POSTERN_EMAIL__HOST.', { isPermanent: true });
  const mailer = createSmtpMailer({ ...settings, host });
  const security = useSsl ? 'TLS' : useTls ? 'STARTTLS' : 'none';
  const facts = [
    { name: 'Mail server', value: `${host}:${port}` },
    { name: 'Encryption', value: security },
    { name: 'Sender', value: settings.from },
  ];
  const draft = { template: 'email/setup.html', subject: 'Postern: mail works', context: { facts } };
  const { subject, html, text } = createComposer({ templateDir }).compose(draft);
  const to = [{ name: '', address }];
  try {
    await mailer.send({ pk: randomUUID(), tenant: DEFAULT_TENANT, from: '', to, subject, html, text });
  } finally {
    mailer.close();
  }
  return `${host}:${port} took the mail to ${address}.`;
}
