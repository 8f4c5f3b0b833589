import { defineEntity, type InferEntity, type PlainRow, p, tenantColumn, timestamps } from '@postern/database';
import { v4 } from 'uuid';
import type { JsonObject } from '../attributes/index.ts';

/** Kinds of account, as the contract names them. */
export type UserType = 'internal' | 'external' | 'service_account' | 'internal_service_account';

/** Someone with an account. Membership hangs off groups; credentials live in `auth`. */
export const User = defineEntity({
  name: 'User',
  tableName: 'user_account',
  properties: {
    pk: p.integer().primary(),
    tenant: tenantColumn(),
    ...timestamps(),
    /** Key in events and protocols; unlike `pk` it tells nobody how many users there are. */
    uuid: p.uuid().onCreate(() => v4()),
    username: p.string().length(150),
    name: p.text().default(''),
    email: p.string().length(254).default(''),
    isActive: p.boolean().default(true),
    lastLogin: p.datetime().nullable(),
    path: p.text().default('users'),
    type: p.text().$type<UserType>().default('internal'),
    attributes: p.json<JsonObject>().defaultRaw(`'{}'`),
  },
  uniques: [
    { name: 'user_account__username', properties: ['tenant', 'username'] },
    { name: 'user_account__uuid', properties: ['tenant', 'uuid'] },
  ],
});

export type UserEntity = InferEntity<typeof User>;

/** A user as lists read it. */
export type UserRow = PlainRow<UserEntity>;
