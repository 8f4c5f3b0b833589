import { defineEntity, type InferEntity, p, tenantColumn, timestamps } from '@postern/database';

/** What serves an application, of any kind. All kinds share one table, so that keys and names are unique across them. */
export const ProviderEntity = defineEntity({
  name: 'Provider',
  tableName: 'provider',
  discriminatorColumn: 'kind',
  discriminatorValue: '',
  properties: {
    pk: p.integer().primary(),
    tenant: tenantColumn(),
    ...timestamps(),
    kind: p.text(),
    name: p.text(),
    authenticationFlow: p.uuid().nullable(),
    /** Null for kinds that no person passes through. */
    authorizationFlow: p.uuid().nullable(),
    propertyMappings: p.array().columnType('uuid[]').$type<string[]>().default([]),
    /** Application that it works for in the background. Goes with it. */
    backchannelApplication: p.uuid().nullable(),
  },
});

export type ProviderRow = InferEntity<typeof ProviderEntity>;
