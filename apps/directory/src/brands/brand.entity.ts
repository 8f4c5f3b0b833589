import { defineEntity, type InferEntity, type PlainRow, p, tenantTable } from '@postern/database';
import type { JsonObject } from '../attributes/index.ts';

/** How the pages of a host look, and which flows they lead into. */
export const Brand = defineEntity({
  name: 'Brand',
  tableName: 'brand',
  properties: {
    ...tenantTable(),
    domain: p.text(),
    isDefault: p.boolean().default(false),
    brandingTitle: p.text().default('authentik'),
    brandingLogo: p.text().default('/static/dist/assets/icons/icon_left_brand.svg'),
    brandingFavicon: p.text().default('/static/dist/assets/icons/icon.png'),
    flowAuthentication: p.uuid().nullable(),
    flowInvalidation: p.uuid().nullable(),
    flowRecovery: p.uuid().nullable(),
    flowUnenrollment: p.uuid().nullable(),
    flowUserSettings: p.uuid().nullable(),
    flowDeviceCode: p.uuid().nullable(),
    eventRetention: p.text().default('days=365'),
    webCertificate: p.uuid().nullable(),
    attributes: p.json<JsonObject>().defaultRaw(`'{}'`),
  },
});

export type BrandEntity = InferEntity<typeof Brand>;

/** A brand as lists read it. */
export type BrandRow = PlainRow<BrandEntity>;
