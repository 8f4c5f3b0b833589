import { defineEntity, type InferEntity, p, tenantColumn, uuidKey } from '@postern/database';

/** How sign-ins with a name from an address went. */
export const ReputationEntity = defineEntity({
  name: 'Reputation',
  tableName: 'reputation',
  properties: {
    pk: uuidKey(),
    tenant: tenantColumn(),
    identifier: p.text(),
    ip: p.text(),
    score: p.integer().default(0),
    updated: p.datetime(),
    expires: p.datetime(),
  },
});

export type ReputationRow = InferEntity<typeof ReputationEntity>;
