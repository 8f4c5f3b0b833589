import { enableTenancy, type Migration, sweptTable, TENANT_COLUMNS } from '@postern/database';

/** Mails that flows asked for: what each is to say, sealed, until it was sent; that it was asked for, for an hour. */
export const FLOW_MAIL_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0146-flow-mails',
    up: [
      `create table flow_mail (
        ${TENANT_COLUMNS},
        recipient text not null,
        mail text,
        expires timestamptz not null
      )`,
      ...enableTenancy('flow_mail'),
      ...sweptTable('flow_mail'),
      'create index flow_mail__recipient on flow_mail (tenant_id, recipient, created)',
    ],
  },
];
