import { enableTenancy, type Migration, reference, sweptTable, TENANT_COLUMNS } from '@postern/database';

const OWNED = `tenant_id uuid not null default current_setting('postern.tenant')::uuid`;

const TRANSFER = `${TENANT_COLUMNS},
  kind text not null,
  format text not null,
  status text not null,
  error text not null default '',
  user_pk integer not null,
  username text not null,
  done integer not null default 0,
  begun timestamptz not null,
  finished timestamptz,
  expires timestamptz not null`;

const part = (noun: string) => `create table directory_${noun}_part (
  ${OWNED},
  ${noun}_pk uuid not null,
  number integer not null,
  content text not null,
  primary key (${noun}_pk, number)
)`;

/** Imports and exports: what was asked for, the parts of the files, and what became of rows. Whoever asked may be gone. */
export const TRANSFER_MIGRATIONS: readonly Migration[] = [
  {
    name: 'directory/0094-transfers',
    up: [
      `create table directory_import (${TRANSFER},
        dry_run boolean not null,
        total integer,
        created_count integer not null default 0,
        updated_count integer not null default 0,
        unchanged_count integer not null default 0,
        failed_count integer not null default 0
      )`,
      `create table directory_export (${TRANSFER}, parts integer not null default 0, last_key text not null default '')`,
      part('import'),
      part('export'),
      `create table directory_import_row (
        ${OWNED},
        import_pk uuid not null,
        number integer not null,
        line integer not null,
        key text not null,
        outcome text not null,
        field text not null,
        message text not null,
        primary key (import_pk, number)
      )`,
      'create index directory_import_row__outcome on directory_import_row (import_pk, outcome, number)',
      'create index directory_import_row__key on directory_import_row (import_pk, md5(key))',
      ...['import', 'export'].flatMap((noun) => [
        ...enableTenancy(`directory_${noun}`),
        ...sweptTable(`directory_${noun}`),
        `create index directory_${noun}__user on directory_${noun} (tenant_id, user_pk, begun)`,
        reference(`directory_${noun}_part`, `${noun}_pk`, `directory_${noun}`, 'cascade'),
        ...enableTenancy(`directory_${noun}_part`),
      ]),
      reference('directory_import_row', 'import_pk', 'directory_import', 'cascade'),
      ...enableTenancy('directory_import_row'),
    ],
  },
];
