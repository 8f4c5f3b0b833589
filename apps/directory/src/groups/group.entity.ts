import { defineEntity, type InferEntity, type PlainRow, p, tenantColumn, tenantTable } from '@postern/database';
import type { JsonObject } from '../attributes/index.ts';
import { Role } from '../roles/index.ts';
import { User } from '../users/index.ts';

/** A set of users. Who belongs to it belongs to its ancestors, too, and has the roles of them all. */
export const Group = defineEntity({
  name: 'Group',
  tableName: 'user_group',
  properties: {
    ...tenantTable(),
    name: p.string().length(80),
    isSuperuser: p.boolean().default(false),
    attributes: p.json<JsonObject>().defaultRaw(`'{}'`),
    parent: () => p.manyToOne(Group).nullable().deleteRule('set null'),
    users: () => p.manyToMany(User).pivotEntity(() => Membership),
    roles: () => p.manyToMany(Role).pivotEntity(() => GroupRole),
  },
  uniques: [{ name: 'user_group__name_parent', properties: ['tenant', 'parent', 'name'] }],
});

/** A user who belongs to a group directly. */
export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    tenant: tenantColumn(),
    group: () => p.manyToOne(Group).primary().deleteRule('cascade'),
    user: () => p.manyToOne(User).primary().deleteRule('cascade'),
  },
});

/** A role that a group gives to its members. */
export const GroupRole = defineEntity({
  name: 'GroupRole',
  tableName: 'group_role',
  properties: {
    tenant: tenantColumn(),
    group: () => p.manyToOne(Group).primary().deleteRule('cascade'),
    role: () => p.manyToOne(Role).primary().deleteRule('cascade'),
  },
});

export type GroupEntity = InferEntity<typeof Group>;

/** A group as lists read it. */
export type GroupRow = PlainRow<GroupEntity>;
