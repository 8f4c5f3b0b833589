import { randomUUID } from 'node:crypto';
import { aTenant, fakeClock, testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { FLOW_ENTITIES, FLOW_MIGRATIONS } from '../flows/index.ts';
import { POLICY_MIGRATIONS } from '../policies/index.ts';
import { giveDefaultFlows } from '../testing/default-flows.fixture.ts';
import { createPlanRepository, type Plan } from './index.ts';

const HOUR = 3_600_000;
const { db } = await testDatabase({
  schema: 'auth',
  entities: [...FLOW_ENTITIES],
  migrations: [...FLOW_MIGRATIONS, ...POLICY_MIGRATIONS],
});
const clock = fakeClock();
const plans = createPlanRepository({ database: db, clock: clock.now, ids: randomUUID });

/** A tenant with its default flows, and a plan of one of them. */
async function aPlan(): Promise<{ tenant: string; plan: Plan }> {
  const { tenant } = aTenant();
  await db.write({ tenant }, giveDefaultFlows);
  const [flow] = await db.read({ tenant }, (em) => em.execute<{ pk: string }[]>('select pk from flow limit 1'));
  return { tenant, plan: { flow: flow?.pk ?? '', steps: [], context: {} } };
}

it('forgets a plan that nobody has answered after an hour, however often it is looked at', async () => {
  const { tenant, plan } = await aPlan();
  const stored = await plans.put(tenant, 'session', plan);
  clock.advance(HOUR - 1);
  await plans.advance(tenant, stored, { plan });
  expect(await plans.find(tenant, 'session')).toBeDefined();
  clock.advance(1);
  expect(await plans.find(tenant, 'session')).toBeUndefined();
});

it('keeps a plan for a day after each answer', async () => {
  const { tenant, plan } = await aPlan();
  const stored = await plans.put(tenant, 'session', plan);
  await plans.advance(tenant, stored, async () => ({ plan }));
  clock.advance(24 * HOUR - 1);
  expect(await plans.find(tenant, 'session')).toBeDefined();
  clock.advance(1);
  expect(await plans.find(tenant, 'session')).toBeUndefined();
});

it('shows no plan to another tenant, and takes an answer to an older version of it for none', async () => {
  const { tenant, plan } = await aPlan();
  const stored = await plans.put(tenant, 'session', plan);
  expect(await plans.find(aTenant().tenant, 'session')).toBeUndefined();
  await plans.advance(tenant, stored, async () => ({ plan }));
  expect(await plans.advance(tenant, stored, async () => ({ plan }))).toBeUndefined();
});
