import type { Challenge, FlowInfo } from './challenge.types.ts';
import type { Failure, Outcome } from './executor.client.ts';

export type ExecutorState = {
  /** Nothing is under way, the challenge is being fetched, or an answer is being sent. */
  readonly phase: 'idle' | 'loading' | 'answering';
  readonly challenge?: Challenge;
  /** Of the newest challenge that had one: redirects, shells and errors come without. */
  readonly flowInfo?: FlowInfo;
  /** Why the last exchange brought no challenge. The challenge on display stays, with what was typed. */
  readonly failure?: Failure;
  /** Counts the forms shown. The same challenge with errors keeps its number, and so what was typed. */
  readonly turn: number;
  /** Counts the outcomes, so that focus and announcements follow each of them. */
  readonly outcomes: number;
};

export type ExecutorEvent =
  | { readonly type: 'asked' }
  | { readonly type: 'answered' }
  | { readonly type: 'settled'; readonly outcome: Outcome };

export const initialState: ExecutorState = { phase: 'loading', turn: 0, outcomes: 0 };

export function executorReducer(state: ExecutorState, event: ExecutorEvent): ExecutorState {
  switch (event.type) {
    case 'asked':
      return { ...state, phase: 'loading' };
    case 'answered':
      return { ...state, phase: 'answering' };
    case 'settled':
      return settled(state, event.outcome);
  }
}

function settled(state: ExecutorState, outcome: Outcome): ExecutorState {
  const outcomes = state.outcomes + 1;
  if ('failure' in outcome) return { ...state, phase: 'idle', failure: outcome.failure, outcomes };
  const { challenge } = outcome;
  const sameForm = challenge.response_errors !== undefined && challenge.component === state.challenge?.component;
  return {
    phase: 'idle',
    challenge,
    flowInfo: challenge.flow_info ?? state.flowInfo,
    turn: sameForm ? state.turn : state.turn + 1,
    outcomes,
  };
}
