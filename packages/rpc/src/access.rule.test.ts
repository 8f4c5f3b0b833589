import { expect, it } from 'vitest';
import { requireAccess } from './access.rule.ts';
import type { Principal, ServiceName } from './caller.ts';

const passes = (principal: Principal) => {
  try {
    requireAccess({ kind: 'internal', callers: ['gateway'] }, principal);
    return true;
  } catch {
    return false;
  }
};
const service = (name: ServiceName): Principal => ({ kind: 'service', tenant: 't', name });

it('refuses services that an internal RPC does not name among its callers', () => {
  expect((['auth', 'directory', 'providers', 'tasks'] as const).map((name) => passes(service(name)))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(passes({ kind: 'anonymous', tenant: 't' })).toBe(false);
  expect(passes(service('gateway'))).toBe(true);
});
