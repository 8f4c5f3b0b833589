import { type ConfigOf, count, defineConfig, duration, flag, secret, text } from '@postern/config';

/** How mail leaves. */
export const emailSettings = defineConfig({
  host: text('Mail server (SMTP). Without one no mail is sent.'),
  port: count('Port of the mail server.', '25'),
  username: text('Name to sign in with at the mail server.'),
  password: secret('Password to sign in with at the mail server.'),
  useTls: flag('Whether STARTTLS is required.', 'false'),
  useSsl: flag('Whether the connection begins with TLS, as on port 465.', 'false'),
  ca: secret('Certificate authority of the mail server, PEM, where no public one vouches for it.'),
  timeout: duration('Time that the mail server has for each answer.', '10s'),
  from: text('Sender, such as `Sign-in <id@example.com>`.', 'postern@localhost'),
  poolSize: count('Connections to the mail server at most.', '2'),
  templateDir: text('Folder of custom templates: HTML files, each perhaps with a .txt beside it.'),
  devInbox: flag(
    'Whether mails are kept and shown at `/-/mails/` instead of being sent, while there is no mail server. For development only. Default: on in a standalone process that listens on a loopback address.',
    'false',
  ),
});

export type EmailSettings = ConfigOf<typeof emailSettings>;
