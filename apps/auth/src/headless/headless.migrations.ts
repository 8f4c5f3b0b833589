import { enableTenancy, type Migration, reference, sweptTable, TENANT_COLUMNS } from '@postern/database';

/** Sessions of clients of the headless API: what they wait for, sealed; who is signed in to them; settings; how often things were tried. */
export const HEADLESS_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0243-headless',
    up: [
      `create table headless_session (
        ${TENANT_COLUMNS},
        key text not null,
        user_pk integer,
        version integer not null default 1,
        state text not null,
        expires timestamptz not null,
        constraint headless_session__key unique (tenant_id, key)
      )`,
      ...enableTenancy('headless_session'),
      ...sweptTable('headless_session'),
      reference('headless_session', 'user_pk', 'account', 'cascade'),
      'create index headless_session__user on headless_session (tenant_id, user_pk) where user_pk is not null',
      `create table headless_settings (
        ${TENANT_COLUMNS},
        settings jsonb not null default '{}',
        constraint headless_settings__tenant unique (tenant_id)
      )`,
      ...enableTenancy('headless_settings'),
      `create table headless_rate (
        ${TENANT_COLUMNS},
        key text not null,
        hits timestamptz[] not null,
        expires timestamptz not null,
        constraint headless_rate__key unique (tenant_id, key)
      )`,
      ...enableTenancy('headless_rate'),
      ...sweptTable('headless_rate'),
    ],
  },
];
