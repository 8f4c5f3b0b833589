import { createContext, useContext } from 'react';
import type { Answer, FlowInfo, ResponseErrors } from '../executor/challenge.types.ts';
import type { Failure } from '../executor/executor.client.ts';
import type { AnswerOptions } from '../executor/use-executor.ts';

/** What every stage may use: the way to answer, and what the last answer brought. */
export type Stage = {
  readonly flowInfo: FlowInfo;
  readonly busy: boolean;
  readonly failure?: Failure;
  readonly errors?: ResponseErrors;
  /** Counts outcomes: a change means that errors are new, even when they read the same. */
  readonly outcomes: number;
  readonly answer: (answer: Answer, options?: AnswerOptions) => void;
  readonly reload: () => void;
};

export const StageContext = createContext<Stage | undefined>(undefined);

export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error('A stage is shown outside of a flow.');
  return stage;
}

/** Errors by field name: those of the server until the person submits again, then those found on the page. */
export const FieldErrorsContext = createContext<Readonly<Record<string, readonly string[]>>>({});

export function useFieldErrors(name: string): readonly string[] {
  return useContext(FieldErrorsContext)[name] ?? [];
}
