import { expect, it } from 'vitest';
import type { FlowBinding, FlowFacts } from './flow.facts.ts';
import { createPlanner } from './planner.ts';
import type { PolicyRequest, PolicyVerdict } from './ports.ts';
import { defineStage, stageKinds } from './stage.kind.ts';

const kinds = stageKinds([
  defineStage({
    kind: 'ask',
    component: 'ask',
    readSettings: () => ({}),
    enter: async () => ({ kind: 'passed' }),
    answer: () => ({}),
    respond: async () => ({ kind: 'passed' }),
  }),
]);
const flow: FlowFacts = {
  pk: 'flow',
  policyTarget: 'of-flow',
  slug: 'flow',
  title: 'Flow',
  designation: 'authentication',
  authentication: 'none',
  deniedAction: 'message',
  policyMode: 'any',
  layout: 'stacked',
  background: '',
};
const client = { address: '', userAgent: '', scheme: 'https', host: 'id.example', requestId: 'r' };
const alice = { pk: 1, uuid: 'u', username: 'alice', superuser: false };
const request = { tenant: 't', query: '', client, requester: undefined, context: {} };

function binding(name: string, rest: Partial<FlowBinding> = {}): FlowBinding {
  return {
    pk: `binding-${name}`,
    policyTarget: `of-${name}`,
    policyMode: 'any',
    evaluateOnPlan: false,
    reEvaluate: true,
    invalidResponse: 'retry',
    stage: { pk: name, name, kind: 'ask', settings: {} },
    bound: [],
    ...rest,
  };
}

function planner(answers: Record<string, Partial<PolicyVerdict>> = {}) {
  const asked: PolicyRequest[] = [];
  const evaluate = async (question: PolicyRequest): Promise<PolicyVerdict> => {
    asked.push(question);
    return { passing: true, messages: [], unevaluated: false, ...answers[question.target] };
  };
  let id = 0;
  return { asked, plan: createPlanner({ policies: { evaluate }, kinds, ids: () => String(++id) }) };
}

it.each([
  ['require_authenticated', undefined, 'not_applicable'],
  ['require_authenticated', alice, 'planned'],
  ['require_unauthenticated', alice, 'not_applicable'],
  ['require_superuser', alice, 'not_applicable'],
  ['require_superuser', { ...alice, superuser: true }, 'planned'],
] as const)('a flow that says %s, for %o: %s', async (authentication, requester, kind) => {
  const outline = { flow: { ...flow, authentication }, bound: [], bindings: [] };
  expect(await planner().plan(outline, { ...request, requester })).toMatchObject({ kind });
});

it('refuses with the messages of the policies of the flow', async () => {
  const { plan } = planner({ 'of-flow': { passing: false, messages: ['Not', 'today'] } });
  const planned = await plan({ flow, bound: [], bindings: [] }, request);
  expect(planned).toEqual({ kind: 'not_applicable', message: 'Not\ntoday' });
});

it('leaves out stages whose policies fail while planning, and asks the others again on the way', async () => {
  const { plan, asked } = planner({ 'of-b': { passing: false } });
  const outline = {
    flow,
    bound: [],
    bindings: [
      binding('a'),
      binding('b', { evaluateOnPlan: true }),
      binding('c', { evaluateOnPlan: true, reEvaluate: false }),
    ],
  };
  const planned = await plan(outline, request);
  expect(planned).toMatchObject({
    plan: {
      steps: [{ stage: { pk: 'a' }, policies: { target: 'of-a' } }, { stage: { pk: 'c' } }],
    },
  });
  expect(asked.map(({ target }) => target)).toEqual(['of-flow', 'of-b', 'of-c']);
});

it('refuses the flow when a policy cannot be evaluated, rather than leave its stage out', async () => {
  const { plan } = planner({ 'of-b': { passing: false, unevaluated: true } });
  const outline = { flow, bound: [], bindings: [binding('a'), binding('b', { evaluateOnPlan: true })] };
  expect(await plan(outline, request)).toMatchObject({ kind: 'not_applicable' });
});

it('keeps what policies change in the plan', async () => {
  const pending_user = { kind: 'account', pk: 1, uuid: 'u', username: 'alice' } as const;
  const { plan, asked } = planner({ 'of-a': { context: { pending_user } } });
  const outline = {
    flow,
    bound: [],
    bindings: [binding('a', { evaluateOnPlan: true }), binding('b', { evaluateOnPlan: true })],
  };
  expect(await plan(outline, request)).toMatchObject({ plan: { context: { pending_user } } });
  expect(asked.at(-1)?.user).toEqual(pending_user);
});
