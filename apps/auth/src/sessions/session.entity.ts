import { defineEntity, defineList, exact, type InferEntity, p, tenantTable } from '@postern/database';
import { Account } from '../accounts/index.ts';

/** A browser that somebody is signed in to. A session that nobody has signed in to has no row. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    ...tenantTable(),
    /** Hash of the secret in the cookie: the key that principals, plans and tokens of providers carry. */
    key: p.text(),
    user: () => p.manyToOne(Account).deleteRule('cascade'),
    /** As whom they act; null for themselves. */
    impersonated: () => p.manyToOne(Account).nullable().deleteRule('cascade'),
    /** How somebody signed in, in the words of the flow. */
    method: p.text(),
    methodArgs: p.json<Record<string, unknown>>(),
    since: p.datetime(),
    lastIp: p.text(),
    lastUserAgent: p.text(),
    lastUsed: p.datetime(),
    expires: p.datetime(),
  },
  uniques: [{ name: 'session__key', properties: ['tenant', 'key'] }],
});

export type SessionEntityRow = InferEntity<typeof Session>;

/** What the list of sessions offers. */
export const sessionList = defineList({
  entity: Session,
  filters: {
    last_ip: exact('lastIp'),
    last_user_agent: exact('lastUserAgent'),
    user_username: exact('user.username'),
  },
  search: ['user.username', 'lastIp', 'lastUserAgent'],
  ordering: {
    uuid: 'pk',
    user: 'user',
    user__username: 'user.username',
    last_ip: 'lastIp',
    last_user_agent: 'lastUserAgent',
    last_used: 'lastUsed',
    expires: 'expires',
  },
  defaultOrder: ['user__username'],
});
