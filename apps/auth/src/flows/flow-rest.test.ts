import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from './flows.fixture.ts';

const house = await aHouse([aPerson('alice', { password: 'correct horse' })]);
const { flows } = house.current();
const admin = asUser(house.tenant, true);
const SIGN_IN = 'default-authentication-flow';

it('draws a flow for those who may look at it, with as much as they may see', async () => {
  const diagramFor = async (...permissions: string[]) =>
    (await flows.getFlowDiagram({ slug: SIGN_IN }, asUser(house.tenant, false, '', permissions))).diagram;
  await expect(diagramFor()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  const view = 'authentik_flows.view_flow';
  const bare = 'graph TD\nflow_start[["Flow\nWelcome to Postern"]]\nflow_start --> done[["End of the flow"]]';
  expect(await diagramFor(view)).toBe(bare);
  const withStages = await diagramFor(view, 'authentik_flows.view_flowstagebinding');
  expect(withStages).toContain('stage_1(["Stage (Password Stage)\ndefault-authentication-password"])');
  expect(withStages).not.toContain('policy');
  const { diagram } = await flows.getFlowDiagram({ slug: SIGN_IN }, admin);
  expect(diagram).toContain(
    'stage_0 --> stage_1_policy_0{{"Policy (Expression Policy)\ndefault-authentication-flow-password-stage"}}',
  );
  await expect(flows.getFlowDiagram({ slug: 'nothing' }, admin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(flows.getFlowDiagram({ slug: SIGN_IN }, asUser(randomUUID(), true))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('counts the plans of those who are on their way, and forgets none of those who have told something', async () => {
  const [waiting, busy] = [house.browser(), house.browser()];
  await waiting.get(SIGN_IN);
  await busy.get(SIGN_IN);
  await busy.post(SIGN_IN, { uid_field: 'alice' });
  await house.flow('other', [{ kind: 'dummy' }]);
  await house.browser().get('other');
  expect(await flows.getFlow({ slug: SIGN_IN }, admin)).toMatchObject({ cache_count: 2 });
  expect(await flows.getFlowCacheInfo({}, admin)).toEqual({ count: 3 });
  expect(await flows.getFlowCacheInfo({}, asUser(randomUUID(), true))).toEqual({ count: 0 });
  await expect(flows.clearFlowCache({}, asUser(house.tenant, false))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  await flows.clearFlowCache({}, asUser(randomUUID(), true));
  expect(await flows.getFlowCacheInfo({}, admin)).toEqual({ count: 3 });
  await flows.clearFlowCache({}, admin);
  expect(await flows.getFlowCacheInfo({}, admin)).toEqual({ count: 1 });
  const { challenge } = await busy.post(SIGN_IN, { password: 'correct horse' });
  expect(challenge).toMatchObject({ component: 'xak-flow-redirect' });
  expect((await waiting.get(SIGN_IN)).challenge).toMatchObject({ component: 'ak-stage-identification' });
});

it('forgets no plan that a service waits for', async () => {
  const browser = house.browser();
  await browser.get('other');
  await house.sql(
    `update flow_plan set plan = plan || '{"completion": {"service": "providers", "reference": "r"}}' where session = $1`,
    [browser.session],
  );
  await flows.clearFlowCache({}, admin);
  const left = await house.sql('select 1 from flow_plan where session = $1', [browser.session]);
  expect(left).toHaveLength(1);
});
