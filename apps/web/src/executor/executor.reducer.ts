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
  /** `quiet`: the answer was a remark (which device, what number) that no step is passed with. */
  | { readonly type: 'settled'; readonly outcome: Outcome; readonly quiet?: boolean };

export const initialState: ExecutorState = { phase: 'loading', turn: 0, outcomes: 0 };

export function executorReducer(state: ExecutorState, event: ExecutorEvent): ExecutorState {
  switch (event.type) {
    case 'asked':
      return { ...state, phase: 'loading' };
    case 'answered':
      return { ...state, phase: 'answering' };
    case 'settled':
      return settled(state, event.outcome, event.quiet === true);
  }
}

function settled(state: ExecutorState, outcome: Outcome, quiet: boolean): ExecutorState {
  const outcomes = state.outcomes + 1;
  if ('failure' in outcome) return { ...state, phase: 'idle', failure: outcome.failure, outcomes };
  const challenge = quiet ? withoutFormality(outcome.challenge) : outcome.challenge;
  const sameForm =
    (quiet || challenge.response_errors !== undefined) && challenge.component === state.challenge?.component;
  return {
    phase: 'idle',
    challenge,
    flowInfo: challenge.flow_info ?? state.flowInfo,
    turn: sameForm ? state.turn : state.turn + 1,
    outcomes,
  };
}

/** The server refuses a remark as an empty answer: that is how the protocol keeps the step, and nothing to tell anybody. */
const FORMALITY = 'Empty response';

function withoutFormality(challenge: Challenge): Challenge {
  const entries = Object.entries(challenge.response_errors ?? {});
  const telling = entries
    .map(([field, details]) => [field, details.filter(({ string }) => string !== FORMALITY)] as const)
    .filter(([, details]) => details.length > 0);
  return { ...challenge, response_errors: telling.length > 0 ? Object.fromEntries(telling) : undefined };
}
