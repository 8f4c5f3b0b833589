import { createAuthority } from '@postern/testkit';
import { expect, it } from 'vitest';
import { createTenants } from '../credentials/tenants.ts';
import { createRateLimit } from '../edge/rate.limit.ts';
import { createCertificates } from './certificates.ts';

const { cert, key } = createAuthority('Test authority').issue('localhost');
const NAMES = Array.from({ length: 10_000 }, (_, index) => `made-up-${index}.example`);

/** Certificates of an installation with one tenant, and what choosing them costs. */
function given(rate: number) {
  const cost = { questions: 0, pairs: 0 };
  const clock = () => 0;
  const directory = {
    async resolveHost() {
      cost.questions += 1;
      return { tenant: 'default', looks: undefined };
    },
  };
  const tenants = createTenants({ directory, clock });
  const limit = createRateLimit({ rate, clock });
  const certificates = createCertificates({
    tenants,
    async read(_tenant, _pair, make) {
      cost.pairs += 1;
      return make({ cert: String(cert), key: String(key) });
    },
    throttle(address) {
      if (limit.take(address) > 0) throw new Error('throttled');
    },
    install: () => undefined,
    clock,
  });
  return { certificates, tenants, cost };
}

it('asks no more about ten thousand made-up names than the address may, and reads one pair', async () => {
  const { certificates, cost } = given(100);
  const outcomes = await Promise.allSettled(NAMES.map((name) => certificates.named(name, '192.0.2.1')));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
  expect(cost).toEqual({ questions: 100, pairs: 1 });
  await expect(certificates.named('another.example', '192.0.2.2')).resolves.toBeDefined();
});

it('remembers no more than two thousand of them, and one context', async () => {
  const { certificates, tenants, cost } = given(0);
  const contexts = await Promise.all(NAMES.map((name) => certificates.named(name, '192.0.2.1')));
  expect(new Set(contexts).size).toBe(1);
  expect(cost.pairs).toBe(1);
  expect(NAMES.filter((name) => tenants.known(name)).length).toBe(2_000);
});
