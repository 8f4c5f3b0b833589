import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** How urgent a notification is. */
export type Severity = 'notice' | 'warning' | 'alert';

/** Which events make notifications: those that a policy bound to the rule lets pass. Its key is the target of the bindings. */
export const Rule = defineEntity({
  name: 'NotificationRule',
  tableName: 'notification_rule',
  properties: {
    ...tenantTable(),
    name: p.text(),
    transports: p.array().columnType('uuid[]').$type<string[]>().default([]),
    severity: p.text().$type<Severity>(),
    /** Whose direct members are told; null for nobody. */
    group: p.uuid().nullable().name('group_pk'),
  },
  uniques: [{ name: 'notification_rule__name', properties: ['tenant', 'name'] }],
});

export type RuleEntity = InferEntity<typeof Rule>;
