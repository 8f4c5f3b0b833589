import { defineEntity, p, tenantColumn } from '@postern/database';

/** What was used up, by a digest, until it is worth nothing anyway. */
export const OnceEntity = defineEntity({
  name: 'OAuth2Once',
  tableName: 'oauth2_once',
  properties: {
    pk: p.bigint('number').primary().autoincrement(),
    tenant: tenantColumn(),
    hash: p.text(),
    expires: p.datetime(),
  },
});
