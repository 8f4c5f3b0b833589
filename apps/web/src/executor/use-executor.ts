import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { Answer } from './challenge.types.ts';
import type { ExecutorClient, Outcome } from './executor.client.ts';
import { type ExecutorState, executorReducer, initialState } from './executor.reducer.ts';

/** `quiet`: the answer is a remark (which device, what number) that no step is passed with. */
export type AnswerOptions = { readonly quiet?: boolean };

export type Executor = ExecutorState & {
  /** Answers the challenge on display. Does nothing while another exchange is under way. */
  readonly answer: (answer: Answer, options?: AnswerOptions) => void;
  /** Fetches the challenge again. */
  readonly reload: () => void;
};

/** Runs one flow: fetches the first challenge, sends answers, keeps what to show. */
export function useExecutor(client: ExecutorClient): Executor {
  const [state, dispatch] = useReducer(executorReducer, initialState);
  const busy = useRef(false);

  const run = useCallback((type: 'asked' | 'answered', exchange: () => Promise<Outcome>, quiet = false) => {
    if (busy.current) return;
    busy.current = true;
    dispatch({ type });
    void exchange().then((outcome) => {
      busy.current = false;
      dispatch({ type: 'settled', outcome, quiet });
    });
  }, []);

  const reload = useCallback(() => run('asked', client.current), [run, client]);
  const { challenge, failure } = state;
  const answer = useCallback(
    (values: Answer, { quiet }: AnswerOptions = {}) => {
      if (challenge) run('answered', () => send(client, challenge.component, values, failure !== undefined), quiet);
    },
    [run, client, challenge, failure],
  );

  useEffect(reload, [reload]);
  return { ...state, answer, reload };
}

/**
 * After a failed exchange nobody knows whether the server took the answer. It is asked first, so that an answer
 * never reaches a later stage: a password stage would count it as a failed attempt.
 */
async function send(client: ExecutorClient, component: string, values: Answer, unsure: boolean): Promise<Outcome> {
  if (unsure) {
    const outcome = await client.current();
    if ('failure' in outcome || outcome.challenge.component !== component) return outcome;
  }
  return client.answer(component, values);
}
