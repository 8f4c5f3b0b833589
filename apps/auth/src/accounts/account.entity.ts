import { defineEntity, type InferEntity, p, tenantColumn } from '@postern/database';

/** What this service keeps of a user of the directory: enough to list, order and name what hangs off them. */
export const Account = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    /** Key of the user in the directory. */
    pk: p.integer().primary(),
    tenant: tenantColumn(),
    uuid: p.uuid(),
    username: p.text(),
    name: p.text(),
    email: p.text(),
    type: p.text(),
    isActive: p.boolean(),
  },
});

export type AccountRow = InferEntity<typeof Account>;
