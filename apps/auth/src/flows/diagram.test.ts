import { expect, it } from 'vitest';
import { drawFlow } from './diagram.ts';

it('draws a flow with nothing in it', () => {
  expect(drawFlow({ name: 'Empty', authentication: 'none', policies: [], stages: [] })).toBe(
    'graph TD\nflow_start[["Flow\nEmpty"]]\nflow_start --> done[["End of the flow"]]',
  );
});

it('draws what decides about a flow and its stages, and where a denial leads', () => {
  const policy = (name: string, order: number) => ({ kind: 'Dummy Policy', name, order });
  const stage = (name: string, ...policies: ReturnType<typeof policy>[]) => ({ kind: 'Dummy Stage', name, policies });
  const diagram = drawFlow({
    name: 'Sign in',
    authentication: 'require_authenticated',
    policies: [policy('office', 10)],
    stages: [stage('first', policy('a', 0), policy('b', 1)), stage('second')],
  });
  const required = 'flow_auth_requirement';
  const [first, second] = ['stage_0(["Stage (Dummy Stage)\nfirst"])', 'stage_1(["Stage (Dummy Stage)\nsecond"])'];
  expect(diagram).toBe(
    [
      'graph TD',
      `${required}{{"Authentication requirement\nrequire_authenticated"}}`,
      `${required} --Requirement not fulfilled--> done[["End of the flow"]]`,
      `${required} --Requirement fulfilled--> flow_pre[["Pre-flow policies"]]`,
      'flow_pre --Binding 10--> flow_policy_0{{"Policy (Dummy Policy)\noffice"}}',
      'flow_policy_0 --Policy denied--> done[["End of the flow"]]',
      'flow_policy_0 --Policy passed--> flow_start[["Flow\nSign in"]]',
      'flow_start --> stage_0_policy_0{{"Policy (Dummy Policy)\na"}}',
      `stage_0_policy_0 --Policy passed--> ${first}`,
      'flow_start --> stage_0_policy_1{{"Policy (Dummy Policy)\nb"}}',
      `stage_0_policy_1 --Policy passed--> ${first}`,
      `stage_0 --> ${second}`,
      `stage_0_policy_0 --Policy denied--> ${second}`,
      `stage_0_policy_1 --Policy denied--> ${second}`,
      'stage_1 --> done[["End of the flow"]]',
    ].join('\n'),
  );
});

it('lets no name leave its box', () => {
  const stages = [{ kind: 'Dummy Stage', name: 'a"]) --> b["', policies: [] }];
  const diagram = drawFlow({ name: '"', authentication: 'none', policies: [], stages });
  expect(diagram).toContain('stage_0(["Stage (Dummy Stage)\na#quot;]) --> b[#quot;"])');
  expect(diagram.match(/"/g)).toHaveLength(6);
});
