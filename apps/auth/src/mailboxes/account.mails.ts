import type { Database, EntityManager } from '@postern/database';
import { prepared } from '@postern/database';
import { PosternError } from '@postern/errors';
import { createJobs, defineJob, FinalFailure, handles, type JobHandler, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { tasks } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { JsonObject } from '../plans/index.ts';

const NOTICE = 'email/account_notice.html';

/** The mails about accounts: their template, and their subject behind the title of the brand. */
const MAILS = {
  verify_link: ['email/verify_address.html', 'Please Confirm Your Email Address'],
  verify_code: ['email/verify_code.html', 'Please Confirm Your Email Address'],
  login_code: ['email/login_code.html', 'Sign-In Code'],
  account_exists: ['email/account_exists.html', 'Account Already Exists'],
  unknown_account: ['email/unknown_account.html', 'Unknown Account'],
  notice_password_changed: [NOTICE, 'Password Changed'],
  notice_password_set: [NOTICE, 'Password Set'],
  notice_password_reset: [NOTICE, 'Password Reset'],
  notice_email_changed: [NOTICE, 'Email Changed'],
  notice_email_removed: [NOTICE, 'Email Removed'],
  notice_totp_activated: [NOTICE, 'Authenticator App Activated'],
  notice_totp_deactivated: [NOTICE, 'Authenticator App Deactivated'],
  notice_recovery_codes: [NOTICE, 'New Recovery Codes Generated'],
  notice_webauthn_added: [NOTICE, 'Security Key Added'],
  notice_webauthn_removed: [NOTICE, 'Security Key Removed'],
  notice_social_connected: [NOTICE, 'Third-Party Account Connected'],
  notice_social_disconnected: [NOTICE, 'Third-Party Account Disconnected'],
  password_reset: ['email/password_reset.html', 'Password Reset Email'],
  password_reset_code: ['email/password_reset_code.html', 'Password Reset Code'],
} as const;

/** One of those mails. */
export type AccountMailKind = keyof typeof MAILS;

/** A mail about an account. */
export type AccountMail = {
  readonly tenant: string;
  readonly kind: AccountMailKind;
  /** Who gets it; empty where nobody does, and nothing else tells that. */
  readonly to: string;
  /** The host that it is asked for under: its brand gives the mail its title. */
  readonly host: string;
  /** What its template shows: `url`, `code`, `user` and the like. */
  readonly context: JsonObject;
};

/** Mails about accounts. Asking for one costs a row and a job: what becomes of it does not show in the time of an answer. */
export type AccountMails = {
  /** Has a mail sent once the transaction commits. */
  send(tx: EntityManager, mail: AccountMail): Promise<void>;
  /** Sends them. */
  readonly job: JobHandler;
};

/** What mails need. */
export type AccountMailDeps = {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
  readonly ids: () => string;
  readonly mail: Pick<Client<tasks.MailServiceDefinition>, 'sendMail'>;
  /** The title of the brand of a host. */
  readonly titleOf: (tenant: string, host: string) => Promise<string>;
};

const sendAccountMail = defineJob<{ mail: string }>({ name: 'auth.send_account_mail', attempts: 8 });
const LABEL = 'account_mail.mail';
/** How long a mail that could not be sent is kept: longer than the job tries, in milliseconds. */
const KEPT_MS = 24 * 3_600_000;
const ADD = prepared('insert into account_mail (pk, mail, expires) values (?::uuid, ?, ?)');
const FIND = prepared('select mail from account_mail where pk = ?::uuid');
const REMOVE = prepared('delete from account_mail where pk = ?::uuid');

/** Creates the mails. */
export function createAccountMails(deps: AccountMailDeps): AccountMails {
  const { database, outbox, clock, ids } = deps;
  const jobs = createJobs({ outbox });
  return {
    async send(tx, { tenant, ...mail }) {
      const pk = ids();
      const expires = new Date(clock.now().getTime() + KEPT_MS);
      await tx.execute(ADD, [pk, database.secrets.seal(JSON.stringify(mail), LABEL), expires]);
      await jobs.enqueue(tx, { tenant }, job(sendAccountMail, { mail: pk }));
    },
    job: handles(sendAccountMail, ({ mail }, { tenant }) => deliver(deps, tenant, mail), {
      description: 'Write a mail about an account',
      visible: 'on_failure',
    }),
  };
}

async function deliver({ database, mail, titleOf }: AccountMailDeps, tenant: string, pk: string) {
  const [row] = await database.statement<{ mail: string }>({ tenant }, FIND, [pk]);
  if (row === undefined) return { messages: ['This mail was sent before.'] };
  const { kind, to, host, context }: Omit<AccountMail, 'tenant'> = JSON.parse(database.secrets.open(row.mail, LABEL));
  if (to !== '') await write({ mail, titleOf }, tenant, { kind, to, host, context });
  await database.statement({ tenant }, REMOVE, [pk]);
  return { messages: ['The mail was handed on.'] };
}

async function write(
  { mail, titleOf }: Pick<AccountMailDeps, 'mail' | 'titleOf'>,
  tenant: string,
  { kind, to, host, context }: Omit<AccountMail, 'tenant'>,
): Promise<void> {
  const title = await titleOf(tenant, host);
  const [template, about] = MAILS[kind];
  const request = {
    template,
    to: [{ name: '', address: to }],
    subject: `[${title}] ${about}`,
    context: { about, ...context, title },
    from: '',
    server: undefined,
  };
  await mail.sendMail(request, asService(tenant)).catch(final);
}

/** What is refused once is refused again, such as a template that is gone. */
function final(error: unknown): never {
  const isRefusal = error instanceof PosternError && ['INVALID_ARGUMENT', 'FAILED_PRECONDITION'].includes(error.code);
  if (isRefusal) throw new FinalFailure(error.message);
  throw error;
}
