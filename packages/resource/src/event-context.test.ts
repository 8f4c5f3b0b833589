import { type Context, noClient, type UserPrincipal } from '@postern/rpc';
import { expect, it } from 'vitest';
import { eventContext } from './index.ts';

const TENANT = '0197c0de-0000-7000-8000-000000000001';
const ADA: UserPrincipal = {
  kind: 'user',
  tenant: TENANT,
  user: { pk: 7, uuid: 'u-7', username: 'ada', name: 'Ada', email: '', type: 'internal' },
  superuser: true,
  permissions: [],
  via: 'session',
};
const SERVICE = { kind: 'service', tenant: TENANT, name: 'tasks' } as const;

const contextOf = (more: Partial<Context>): { context: Context } => ({
  context: { tenant: TENANT, principal: SERVICE, client: noClient(TENANT, 'r-1'), requestId: 'r-1', ...more },
});

it('names who wanted a change, also where a service makes it for them', () => {
  expect(eventContext(contextOf({ principal: ADA })).actor).toMatchObject({ user: { username: 'ada' } });
  const changeSet = { id: 'set', tenant: TENANT, vouched: [], actor: ADA };
  expect(eventContext(contextOf({ changeSet })).actor).toMatchObject({ kind: 'user', user: { username: 'ada' } });
  expect(eventContext(contextOf({})).actor).toMatchObject({ kind: 'service', service: 'tasks' });
});
