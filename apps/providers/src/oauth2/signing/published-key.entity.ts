import { defineEntity, p, tenantTable } from '@postern/database';

/** A public key that tokens were signed with: it stays in the key set until the last of them has expired. */
export const PublishedKeyEntity = defineEntity({
  name: 'OAuth2PublishedKey',
  tableName: 'oauth2_published_key',
  properties: {
    ...tenantTable(),
    provider: p.integer().name('provider_pk'),
    kid: p.text(),
    jwk: p.json().$type<Record<string, unknown>>(),
    until: p.datetime(),
  },
});
