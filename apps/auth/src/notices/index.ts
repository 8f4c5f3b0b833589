/**
 * What people are told by mail after it happened to their account, with from where and by what. Whether a tenant wants such mails is for the
 * caller to ask.
 */

import type { EntityManager } from '@postern/database';
import type { AccountMails } from '../mailboxes/index.ts';

/** Sentences by what happened; the subjects of the mails stand beside their templates. */
const SENTENCES = {
  password_changed: 'The password of your account was changed.',
  password_set: 'Your account has a password from now on.',
  password_reset: 'The password of your account was chosen anew, by way of your e-mail address.',
  email_changed: 'Your account goes by another e-mail address from now on.',
  email_removed: 'An e-mail address was removed from your account.',
  totp_activated: 'Signing in to your account needs an authenticator app from now on.',
  totp_deactivated: 'Your account no longer uses an authenticator app.',
  recovery_codes: 'Your account has new recovery codes; those before them are void.',
  webauthn_added: 'A security key was added to your account.',
  webauthn_removed: 'A security key was removed from your account.',
  social_connected: 'An account of another service was connected to yours.',
  social_disconnected: 'An account of another service is no longer connected to yours.',
} as const;

/** What may be told. */
export type NoticeKind = keyof typeof SENTENCES;

/** Something that happened to an account. */
export type Notice = {
  readonly tenant: string;
  readonly kind: NoticeKind;
  /** Address that is told. */
  readonly to: string;
  /** From where it was done. */
  readonly client: { readonly address: string; readonly userAgent: string; readonly host: string };
  readonly at: Date;
  /** What it is about, such as the address that was removed: a line of its own. */
  readonly subject?: { readonly name: string; readonly value: string };
};

/** Tells people. */
export type Notices = { tell(tx: EntityManager, notice: Notice): Promise<void> };

const LONGEST_AGENT = 200;

/** Creates the notices. */
export function createNotices({ mails }: { readonly mails: Pick<AccountMails, 'send'> }): Notices {
  return {
    tell(tx, { tenant, kind, to, client, at, subject }) {
      const facts = [
        ...(subject === undefined ? [] : [subject]),
        { name: 'Date', value: `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC` },
        { name: 'Address', value: client.address },
        { name: 'Browser', value: client.userAgent.slice(0, LONGEST_AGENT) || 'unknown' },
      ];
      const context = { body: SENTENCES[kind], facts };
      return mails.send(tx, { tenant, kind: `notice_${kind}`, to, host: client.host, context });
    },
  };
}
