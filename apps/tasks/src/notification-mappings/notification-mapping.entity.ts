import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** A program that makes the body of a webhook, or changes a notification before it is stored. */
export const NotificationMapping = defineEntity({
  name: 'NotificationMapping',
  tableName: 'notification_mapping',
  properties: {
    ...tenantTable(),
    name: p.text(),
    /** Body of a function in Python. */
    expression: p.text(),
  },
  uniques: [{ name: 'notification_mapping__name', properties: ['tenant', 'name'] }],
});

export type NotificationMappingEntity = InferEntity<typeof NotificationMapping>;
