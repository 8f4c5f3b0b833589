import { enableTenancy, type Migration, reference, sweptTable, TENANT_COLUMNS } from '@postern/database';

const DEVICE_CODE = `create table oauth2_device_code (
  ${TENANT_COLUMNS},
  provider_pk integer not null,
  hash text not null,
  user_code text not null,
  scopes text not null,
  expires timestamptz not null,
  pause integer not null,
  polled timestamptz,
  reference uuid,
  shown jsonb,
  approval jsonb,
  denied timestamptz,
  used timestamptz,
  constraint oauth2_device_code__hash_key unique (tenant_id, hash),
  constraint oauth2_device_code__user_code_key unique (tenant_id, user_code)
)`;

/** The table of device authorizations. It follows that of providers. */
export const deviceMigrations: Migration[] = [
  {
    name: 'providers/0131-oauth2-device-codes',
    up: [
      DEVICE_CODE,
      reference('oauth2_device_code', 'provider_pk', 'provider', 'cascade'),
      'create unique index oauth2_device_code__reference on oauth2_device_code (tenant_id, reference)',
      'create index oauth2_device_code__provider on oauth2_device_code (provider_pk)',
      'create index oauth2_device_code__expires on oauth2_device_code (tenant_id, expires)',
      ...enableTenancy('oauth2_device_code'),
      ...sweptTable('oauth2_device_code'),
    ],
  },
];
