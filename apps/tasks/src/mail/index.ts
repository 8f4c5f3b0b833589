/**
 * Mail: written from templates, kept sealed until a job has sent it, told to the audit log without what opens doors.
 * Other services send by `postern.tasks.v1.MailService`; features of this app by `mails` (a job) or `mailer` (at once, within a job of their own).
 * Without a mail server nothing is sent; in development an inbox keeps what would have been.
 */

import type { Database } from '@postern/database';
import type { Jobs } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { Logger } from '@postern/observability';
import type { AppParts } from '@postern/service';
import { cleanUpMailJob } from './clean-up.job.ts';
import { bindMailInbox } from './inbox.rpc.ts';
import { type Composer, createComposer } from './mail.composer.ts';
import { createMails, type Mails } from './mail.operations.ts';
import { bindMail } from './mail.rpc.ts';
import type { EmailSettings } from './mail.settings.ts';
import type { Mailer } from './mail.ts';
import { createMailer } from './mailer.ts';
import { sendMailJob } from './send-mail.job.ts';

export type { Composer, MailDraft } from './mail.composer.ts';
export { KeptMail, OutgoingMail } from './mail.entity.ts';
export { mailErrors } from './mail.errors.ts';
export { MAIL_MIGRATIONS } from './mail.migrations.ts';
export type { Mails } from './mail.operations.ts';
export { emailSettings } from './mail.settings.ts';
export { type Mail, type Mailer, MailFailure } from './mail.ts';
export { mailSent } from './send-mail.job.ts';
export { sendTestMail } from './test-mail.ts';

/** What mail needs. */
export type MailDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly settings: EmailSettings;
  readonly log: Logger;
  readonly clock: { now(): Date };
};

/** Mail: its parts, and what the other features send with. */
export type MailParts = AppParts & { readonly mailer: Mailer; readonly composer: Composer; readonly mails: Mails };

/** Creates mail. */
export function createMail({ db, outbox, jobs, settings, log, clock }: MailDeps): MailParts {
  const mailer = createMailer({ settings, db, log });
  const composer = createComposer(settings);
  const mails = createMails({ composer, jobs });
  const isKept = settings.devInbox && !settings.host;
  return {
    mailer,
    composer,
    mails,
    services: [bindMail({ db, outbox, mails, composer }), bindMailInbox({ db, isKept })],
    jobs: [sendMailJob({ db, outbox, mailer }), cleanUpMailJob({ db, clock })],
    stop: async () => mailer.close(),
  };
}
