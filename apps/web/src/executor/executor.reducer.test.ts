import { describe, expect, it } from 'vitest';
import type { Challenge, FlowInfo } from './challenge.types.ts';
import type { Outcome } from './executor.client.ts';
import { type ExecutorState, executorReducer, initialState } from './executor.reducer.ts';

const flow_info: FlowInfo = { title: 'Hello', background: '', cancel_url: '/flows/-/cancel/', layout: 'stacked' };
const password: Challenge = {
  component: 'ak-stage-password',
  pending_user: 'ada',
  pending_user_avatar: '',
  flow_info,
};
const refused: Challenge = { ...password, response_errors: { password: [{ string: 'Invalid', code: 'invalid' }] } };
const redirect: Challenge = { component: 'xak-flow-redirect', to: '/' };

function after(...outcomes: Outcome[]): ExecutorState {
  return outcomes.reduce((state, outcome) => executorReducer(state, { type: 'settled', outcome }), initialState);
}

describe('executorReducer', () => {
  it('keeps the form, and so what was typed, when the same step comes back with errors', () => {
    const [before, now] = [after({ challenge: password }), after({ challenge: password }, { challenge: refused })];
    expect(now.turn).toBe(before.turn);
    expect(now.outcomes).toBe(before.outcomes + 1);
  });

  it('shows a fresh form when the same step comes again without errors', () => {
    expect(after({ challenge: password }, { challenge: password }).turn).toBe(2);
  });

  it('keeps the step on display when the server cannot be reached, and forgets the failure with the next step', () => {
    const failed = after({ challenge: password }, { failure: 'network' });
    expect(failed).toMatchObject({ challenge: password, failure: 'network', turn: 1, phase: 'idle' });
    expect(executorReducer(failed, { type: 'settled', outcome: { challenge: refused } }).failure).toBeUndefined();
  });

  it('takes a remark for no refusal, but keeps the form and tells what went wrong with it', () => {
    const remark = (errors?: Challenge['response_errors']) =>
      executorReducer(after({ challenge: password }), {
        type: 'settled',
        quiet: true,
        outcome: { challenge: { ...password, response_errors: errors } },
      });
    const formality = { string: 'Empty response', code: 'invalid' };
    const failure = { string: 'No credit left.', code: 'invalid' };
    const formalities: Challenge['response_errors'][] = [undefined, {}, { non_field_errors: [formality] }];
    for (const errors of formalities) {
      expect(remark(errors)).toMatchObject({ turn: 1, challenge: { response_errors: undefined } });
    }
    expect(remark({ non_field_errors: [formality, failure] }).challenge?.response_errors).toEqual({
      non_field_errors: [failure],
    });
  });

  it('remembers title and layout for the steps that come without', () => {
    expect(after({ challenge: password }, { challenge: redirect }).flowInfo).toEqual(flow_info);
  });
});
