import { expect, it } from 'vitest';
import { createSealer } from './index.ts';

it('signs a service that acts for itself once in ten seconds, each service in each tenant apart', () => {
  let time = 1_000_000;
  const sealer = createSealer('the secret key of this year', { now: () => time, leewayMs: 0 });
  const token = sealer.sealService('auth', 't1');
  expect(sealer.openPrincipal(token)).toEqual({ kind: 'service', tenant: 't1', name: 'auth' });
  expect(sealer.openPrincipal(sealer.sealService('auth', 't2'))).toMatchObject({ tenant: 't2' });
  expect(sealer.openPrincipal(sealer.sealService('tasks', 't1'))).toMatchObject({ name: 'tasks' });
  time += 9_999;
  expect(sealer.sealService('auth', 't1')).toBe(token);
  time += 1;
  const next = sealer.sealService('auth', 't1');
  expect(next).not.toBe(token);
});
