import { defineEntity, type InferEntity, p, secret } from '@postern/database';
import { ProviderEntity } from '../provider.entity.ts';

/** A service that users and groups are sent to. */
export const ScimProviderEntity = defineEntity({
  name: 'ScimProvider',
  extends: ProviderEntity,
  discriminatorValue: 'scim',
  properties: {
    url: p.text().name('scim_url'),
    token: secret('provider.scim_token').name('scim_token'),
    excludeUsersServiceAccount: p.boolean().default(false),
    /** Group whose members are sent; null for all users. */
    filterGroup: p.uuid().nullable(),
    propertyMappingsGroup: p.array().columnType('uuid[]').$type<string[]>().default([]),
  },
});

export type ScimProviderRow = InferEntity<typeof ScimProviderEntity>;
