import { enableTenancy, type Migration, reference, TENANT_COLUMNS } from '@postern/database';

/** Phone numbers of people: one each, and a verified one is nobody else's. */
export const PHONE_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0247-phone-numbers',
    up: [
      `create table phone_number (
        ${TENANT_COLUMNS},
        user_pk integer not null,
        phone text not null,
        verified boolean not null default false,
        constraint phone_number__user unique (tenant_id, user_pk)
      )`,
      ...enableTenancy('phone_number'),
      reference('phone_number', 'user_pk', 'account', 'cascade'),
      'create unique index phone_number__verified on phone_number (tenant_id, phone) where verified',
      'create index phone_number__phone on phone_number (tenant_id, phone, created)',
    ],
  },
];
