import { enableTenancy, type Migration, sweptTable, TENANT_COLUMNS } from '@postern/database';

const MAIL = `${TENANT_COLUMNS},
  sender text not null,
  recipients jsonb not null,
  subject text not null,
  html text not null,
  text text not null`;

/** Mails that wait, and mails that are kept for whoever develops. */
export const MAIL_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0108-mail',
    up: [
      `create table outgoing_mail (${MAIL}, shown text not null)`,
      ...enableTenancy('outgoing_mail'),
      ...sweptTable('outgoing_mail', { column: 'created' }),
      `create table kept_mail (${MAIL})`,
      ...enableTenancy('kept_mail'),
      'create index kept_mail__created on kept_mail (tenant_id, created desc, pk)',
    ],
  },
  { name: 'tasks/0145-mail-server', up: ['alter table outgoing_mail add column server text'] },
];
