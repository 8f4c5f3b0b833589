import { expect, it } from 'vitest';
import type { BoundPolicy, PolicyRequest } from '../plans/index.ts';
import { type EvaluationDeps, evaluateAll } from './evaluate.ts';

const client = { address: '', userAgent: '', scheme: 'https', host: 'id.example', requestId: 'r' };
const user = { kind: 'account', pk: 7, uuid: 'u', username: 'alice' } as const;
const request: PolicyRequest = {
  tenant: 't',
  target: 'x',
  mode: 'any',
  flow: 'f',
  user,
  context: {},
  query: '',
  client,
};
const bound = (rest: Partial<BoundPolicy>): BoundPolicy => ({
  policy: null,
  group: null,
  user: null,
  negate: false,
  ...rest,
});
const reported: unknown[] = [];
const deps: EvaluationDeps = {
  evaluatorOf: (_tenant, policy) => {
    if (policy === 'throws') return async () => Promise.reject(new Error('broken'));
    return policy === 'unknown' ? undefined : async () => ({ passing: policy === 'yes', messages: [policy] });
  },
  isMember: async (_tenant, pk, group) => pk === 7 && group === 'staff',
  report: (error) => void reported.push(error),
};

it('passes when nothing is bound', async () => {
  expect(await evaluateAll([], request, deps)).toMatchObject({ passing: true, unevaluated: false });
});

it.each(['unknown', 'throws'])('denies for a policy that is %s, whatever the others say', async (policy) => {
  const verdict = await evaluateAll([bound({ policy: 'yes' }), bound({ policy, negate: true })], request, deps);
  expect(verdict).toMatchObject({ passing: false, unevaluated: true });
});

it.each([
  ['any', ['yes', 'no'], true],
  ['any', ['no', 'no'], false],
  ['all', ['yes', 'no'], false],
  ['all', ['yes', 'yes'], true],
] as const)('in mode %s %j passes: %s, with the messages of all', async (mode, policies, passing) => {
  const verdict = await evaluateAll(
    policies.map((policy) => bound({ policy })),
    { ...request, mode },
    deps,
  );
  expect(verdict).toMatchObject({ passing, messages: policies });
});

it('compares users and groups, and turns the result round where the binding says so', async () => {
  const passes = async (binding: Partial<BoundPolicy>, who: PolicyRequest['user'] = user) =>
    (await evaluateAll([bound(binding)], { ...request, user: who }, deps)).passing;
  expect(await passes({ user: 7 })).toBe(true);
  expect(await passes({ user: 8 })).toBe(false);
  expect(await passes({ group: 'staff' })).toBe(true);
  expect(await passes({ group: 'staff', negate: true })).toBe(false);
  expect(await passes({ group: 'staff' }, { kind: 'unknown', username: 'alice' })).toBe(false);
});
