import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** A policy, a group or a user that guards something. Exactly one of the three is set. */
export const PolicyBindingEntity = defineEntity({
  name: 'PolicyBinding',
  tableName: 'policy_binding',
  properties: {
    ...tenantTable(),
    /** Key under which the guarded object's policies are bound. */
    target: p.uuid(),
    policy: p.uuid().nullable(),
    group: p.uuid().nullable().name('group_pk'),
    user: p.integer().nullable().name('user_pk'),
    negate: p.boolean().default(false),
    enabled: p.boolean().default(true),
    order: p.integer(),
    /** Seconds a policy may take. */
    timeout: p.integer().default(30),
    failureResult: p.boolean().default(false),
  },
});

export type PolicyBindingRow = InferEntity<typeof PolicyBindingEntity>;
