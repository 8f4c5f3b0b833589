import { enableTenancy, type Migration, TENANT_COLUMNS } from '@postern/database';

const BRAND = `create table brand (
  ${TENANT_COLUMNS},
  domain text not null,
  is_default boolean not null default false,
  branding_title text not null default 'authentik',
  branding_logo text not null default '/static/dist/assets/icons/icon_left_brand.svg',
  branding_favicon text not null default '/static/dist/assets/icons/icon.png',
  flow_authentication uuid,
  flow_invalidation uuid,
  flow_recovery uuid,
  flow_unenrollment uuid,
  flow_user_settings uuid,
  flow_device_code uuid,
  event_retention text not null default 'days=365',
  web_certificate uuid,
  attributes jsonb not null default '{}'
)`;

/** Tables of brands. A tenant has a handful: the key's index is all that their lists need. */
export const BRAND_MIGRATIONS: readonly Migration[] = [
  {
    name: 'directory/0015-brands',
    up: [
      BRAND,
      ...enableTenancy('brand'),
      'create unique index brand__default on brand (tenant_id) where is_default',
      'create index brand__domain on brand (tenant_id, domain, pk)',
    ],
  },
];
