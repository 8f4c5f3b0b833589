import type { ReceivedHead } from '@postern/rpc';
import { expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from './flows.fixture.ts';

const house = await aHouse([aPerson('alice', { password: 'correct horse' })]);
const { tenant, sql } = house;
await house.flow('set-up', [{ kind: 'dummy' }]);
const [flow] = await sql<{ pk: string }>("select pk from flow where slug = 'set-up'");

/** A password stage that is set up by a flow. */
async function stageFor(configure_flow: string | undefined, kind = 'password') {
  const [made] = await sql<{ pk: string }>(
    'insert into stage (pk, tenant_id, kind, name, settings) values (gen_random_uuid(), $1, $2, gen_random_uuid()::text, $3) returning pk',
    [tenant, kind, JSON.stringify({ configure_flow })],
  );
  return made?.pk ?? '';
}

async function configure(stage_uuid: string, as = asUser(tenant, false)) {
  const heads: ReceivedHead[] = [];
  await house.current().urls.configureStage({ stage_uuid }, as, { onHead: (head) => void heads.push(head) });
  return heads[0]?.headers.find(([name]) => name === 'location')?.[1];
}

it('finds nothing to set up at stages that are unknown, of a kind that is not set up, or without a flow', async () => {
  const stages = ['no-key', flow?.pk ?? '', await stageFor(undefined), await stageFor(flow?.pk, 'dummy')];
  for (const stage of stages) await expect(configure(stage)).rejects.toMatchObject({ reason: 'FLOW_NOT_FOUND' });
});

it('sends whoever is not signed in there first, and back', async () => {
  const stage = await stageFor(flow?.pk);
  const browser = house.browser();
  await browser.get('set-up');
  const { context } = asUser(tenant, false, 'next=/x');
  const principal = house.anonymous(browser.session);
  const location = await configure(stage, { context: { ...context, principal } });
  expect(location).toBe('/flows/-/default/authentication/?next=%2F%3Fnext%3D%2Fx');
});

it('plans the flow of the stage for whoever is signed in, with the query of the page', async () => {
  const stage = await stageFor(flow?.pk);
  expect(await configure(stage, asUser(tenant, false, 'next=/if/user/'))).toBe('/if/flow/set-up/?next=/if/user/');
  const stored = await house.plans.find(tenant, 's');
  expect(stored?.plan.context.pending_user).toMatchObject({ pk: 1 });
});
