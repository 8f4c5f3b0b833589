import { expect, it } from 'vitest';
import type { BoundPolicy, StoredPolicy } from '../plans/index.ts';
import { type EvaluationDeps, evaluateAll } from './evaluate.ts';
import { PolicyFailed, type PolicyQuestion } from './policy.question.ts';

const client = { address: '', userAgent: '', scheme: 'https', host: 'id.example', requestId: 'r' };
const user = { kind: 'account', pk: 7, uuid: 'u', username: 'alice' } as const;
const question: PolicyQuestion = { tenant: 't', target: 'x', mode: 'any', user, context: {}, query: '', client };
const named = (name: string): StoredPolicy => ({ pk: name, kind: name, name, logging: false, settings: {} });
const bound = (rest: Partial<BoundPolicy>): BoundPolicy => ({
  binding: 'b',
  order: 0,
  policy: null,
  group: null,
  user: null,
  negate: false,
  timeout: 30,
  failureResult: false,
  ...rest,
});
const told: unknown[] = [];
const deps: EvaluationDeps = {
  evaluatorOf: ({ kind }) => {
    if (kind === 'unknown') return undefined;
    if (kind === 'raises') return async () => Promise.reject(new PolicyFailed('broken'));
    if (kind === 'away') return async () => Promise.reject(new Error('the directory is away'));
    if (kind === 'slow') return () => new Promise(() => undefined);
    return async () => ({ passing: kind === 'yes', messages: [kind] });
  },
  isMember: async (_tenant, pk, group) => pk === 7 && group === 'staff',
  executed: async (finding) => void told.push(finding.outcome),
};
const decide = (kinds: readonly string[], mode: 'any' | 'all' = 'any', rest: Partial<BoundPolicy> = {}) =>
  evaluateAll(
    kinds.map((kind) => bound({ policy: named(kind), ...rest })),
    { ...question, mode },
    deps,
  );

it('passes when nothing is bound', async () => {
  expect(await evaluateAll([], question, deps)).toMatchObject({ passing: true, unevaluated: false });
});

it.each(['unknown', 'raises', 'away'])('denies for a policy that is %s, turned round or not', async (kind) => {
  for (const negate of [false, true]) {
    expect(await decide([kind], 'any', { negate })).toMatchObject({ passing: false, unevaluated: true });
  }
  expect(await decide(['yes', kind], 'all')).toMatchObject({ passing: false, unevaluated: true });
});

it('decides without a policy that could not be evaluated where the others leave no doubt', async () => {
  expect(await decide(['raises', 'yes'], 'any')).toMatchObject({ passing: true, unevaluated: false });
  expect(await decide(['raises', 'no'], 'all')).toMatchObject({ passing: false, unevaluated: false });
});

it('takes the failure result of the binding for an error of the policy, and for nothing else', async () => {
  const lenient = { failureResult: true, negate: true };
  const raised = await decide(['raises'], 'any', lenient);
  expect(raised).toMatchObject({ passing: true, messages: [], findings: [{ outcome: 'raised', error: 'broken' }] });
  for (const kind of ['unknown', 'away']) {
    expect(await decide([kind], 'any', lenient)).toMatchObject({ passing: false, unevaluated: true });
  }
});

it('fails a policy that takes longer than its binding gives it', async () => {
  const { findings, passing } = await decide(['slow'], 'any', { timeout: 0.02 });
  expect(passing).toBe(false);
  expect(findings[0]?.error).toBe('Policy took longer than 0.02 seconds.');
});

it.each([
  ['any', ['yes', 'no'], true, [true, false]],
  ['any', ['no', 'no'], false, [true, true]],
  ['all', ['yes', 'no'], false, [false, true]],
  ['all', ['yes', 'yes'], true, [true, true]],
] as const)('in mode %s %j passes: %s, with the messages of all and who decided', async (mode, kinds, passing, why) => {
  const decision = await decide(kinds, mode);
  expect(decision).toMatchObject({ passing, messages: kinds });
  expect(decision.findings.map(({ decided }) => decided)).toEqual(why);
});

it('compares users and groups, and turns the result round where the binding says so', async () => {
  const passes = async (binding: Partial<BoundPolicy>, who: PolicyQuestion['user'] = user) =>
    (await evaluateAll([bound(binding)], { ...question, user: who }, deps)).passing;
  expect(await passes({ user: 7 })).toBe(true);
  expect(await passes({ user: 8 })).toBe(false);
  expect(await passes({ group: 'staff' })).toBe(true);
  expect(await passes({ group: 'staff', negate: true })).toBe(false);
  expect(await passes({ group: 'staff' }, { kind: 'unknown', username: 'alice' })).toBe(false);
});
