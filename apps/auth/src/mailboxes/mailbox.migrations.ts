import { enableTenancy, type Migration, sweptTable, TENANT_COLUMNS } from '@postern/database';

/** Mails about accounts that wait to be sent: what each is to say, sealed, until it was sent. */
export const MAILBOX_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0244-account-mails',
    up: [
      `create table account_mail (
        ${TENANT_COLUMNS},
        mail text not null,
        expires timestamptz not null
      )`,
      ...enableTenancy('account_mail'),
      ...sweptTable('account_mail'),
    ],
  },
];
