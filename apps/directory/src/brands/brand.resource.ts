import { asUuid, boolean, defineList, exact } from '@postern/database';
import type { Resource } from '@postern/resource';
import { isPictureAddress } from '../attributes/index.ts';
import { type BrandMessage, encodeBrand, factsOf, titleOf } from './brand.codec.ts';
import { Brand, type BrandEntity } from './brand.entity.ts';
import { brandErrors } from './brand.errors.ts';

/** Brands as a plain resource. */
export const brandResource: Resource<BrandEntity, BrandMessage> = {
  model: 'authentik_brands.brand',
  type: 'postern.directory.v1.Brand',
  subject: 'directory.v1.brand',
  entity: Brand,
  list: defineList({
    entity: Brand,
    filters: {
      brand_uuid: exact('pk', asUuid),
      domain: exact('domain'),
      default: boolean('isDefault'),
      branding_title: exact('brandingTitle'),
      branding_logo: exact('brandingLogo'),
      branding_favicon: exact('brandingFavicon'),
      event_retention: exact('eventRetention'),
      flow_authentication: exact('flowAuthentication', asUuid),
      flow_invalidation: exact('flowInvalidation', asUuid),
      flow_recovery: exact('flowRecovery', asUuid),
      flow_unenrollment: exact('flowUnenrollment', asUuid),
      flow_user_settings: exact('flowUserSettings', asUuid),
      flow_device_code: exact('flowDeviceCode', asUuid),
      web_certificate: exact('webCertificate', asUuid),
    },
    search: ['domain', 'brandingTitle'],
    ordering: {
      brand_uuid: 'pk',
      domain: 'domain',
      default: 'isDefault',
      branding_title: 'brandingTitle',
      branding_logo: 'brandingLogo',
      branding_favicon: 'brandingFavicon',
      event_retention: 'eventRetention',
      flow_authentication: 'flowAuthentication',
      flow_invalidation: 'flowInvalidation',
      flow_recovery: 'flowRecovery',
      flow_unenrollment: 'flowUnenrollment',
      flow_user_settings: 'flowUserSettings',
      flow_device_code: 'flowDeviceCode',
      web_certificate: 'webCertificate',
    },
    defaultOrder: ['domain'],
  }),
  fields: {
    domain: 'domain',
    default: 'isDefault',
    branding_title: 'brandingTitle',
    branding_logo: (brand, value) => {
      if (value !== brand.brandingLogo && !isPictureAddress(value)) throw brandErrors.BRAND_LOGO_NO_PICTURE();
      brand.brandingLogo = value;
    },
    branding_favicon: (brand, value) => {
      if (value !== brand.brandingFavicon && !isPictureAddress(value)) throw brandErrors.BRAND_FAVICON_NO_PICTURE();
      brand.brandingFavicon = value;
    },
    flow_authentication: 'flowAuthentication',
    flow_invalidation: 'flowInvalidation',
    flow_recovery: 'flowRecovery',
    flow_unenrollment: 'flowUnenrollment',
    flow_user_settings: 'flowUserSettings',
    flow_device_code: 'flowDeviceCode',
    event_retention: (brand, value) => {
      brand.eventRetention = requireDuration(value);
    },
    web_certificate: 'webCertificate',
    attributes: (brand, value) => {
      brand.attributes = value ?? {};
    },
  },
  title: titleOf,
  facts: factsOf,
  encode: (rows) => rows.map(encodeBrand),
  constraints: { brand__default: brandErrors.BRAND_DEFAULT_TAKEN },
};

const UNIT = /^\s*(microseconds|milliseconds|seconds|minutes|hours|days|weeks)\s*=\s*-?\d+(\.\d+)?\s*$/i;

/** A list of units, such as `days=365;hours=1`; units that nobody knows are left to themselves, as the contract has it. */
function requireDuration(value: string): string {
  const parts = value.split(';').filter((part) => part.trim() !== '');
  const isReadable = parts.every((part) => /^\s*\w+\s*=\s*-?\d+(\.\d+)?\s*$/.test(part));
  if (!isReadable || !parts.some((part) => UNIT.test(part))) throw brandErrors.BRAND_RETENTION_MALFORMED({ value });
  return value;
}
