import { enableTenancy, type Migration, sweptTable, TENANT_COLUMNS } from '@postern/database';

/** Keys that tokens of apps are signed with, sealed, one row a tenant; and the refresh tokens that may still be used. */
export const APP_TOKEN_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0245-app-tokens',
    up: [
      `create table headless_key (
        ${TENANT_COLUMNS},
        keys text not null,
        constraint headless_key__tenant unique (tenant_id)
      )`,
      ...enableTenancy('headless_key'),
      `create table headless_refresh (
        ${TENANT_COLUMNS},
        jti uuid not null,
        session text not null,
        expires timestamptz not null,
        constraint headless_refresh__jti unique (tenant_id, jti),
        constraint headless_refresh__session foreign key (tenant_id, session) references session (tenant_id, key)
          on update cascade on delete cascade
      )`,
      ...enableTenancy('headless_refresh'),
      ...sweptTable('headless_refresh'),
      'create index headless_refresh__session on headless_refresh (tenant_id, session)',
    ],
  },
];
