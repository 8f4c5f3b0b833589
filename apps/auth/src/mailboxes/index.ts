/** Addresses that people read mail at: which are theirs, how they show it, and the mails that tell them of their account. */

export { type AccountMail, type AccountMailKind, type AccountMails, createAccountMails } from './account.mails.ts';
export { isAddress, LONGEST_ADDRESS } from './address.rules.ts';
export { createLinkKeys } from './link.keys.ts';
export { MAILBOX_MIGRATIONS } from './mailbox.migrations.ts';
export {
  createMailboxes,
  type KeyHolder,
  type Mailbox,
  type MailboxChange,
  type Mailboxes,
  type MailboxRefusal,
} from './mailbox.operations.ts';
