import { useCallback, useEffect, useRef, useState } from 'react';
import type { Outcome } from './outcome.ts';

export type Loaded<T> = {
  /** Undefined while the first answer is on its way. */
  readonly outcome: Outcome<T> | undefined;
  /** Reads again; what is on display stays until the answer is here. */
  readonly refresh: () => Promise<void>;
  /** Reads again, as if for the first time. */
  readonly retry: () => void;
};

/** Reads something when the page shows it. `load` must stay the same between renders. */
export function useLoad<T>(load: () => Promise<Outcome<T>>): Loaded<T> {
  const [outcome, setOutcome] = useState<Outcome<T>>();
  const turn = useRef(0);
  const refresh = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    const found = await load();
    if (mine === turn.current) setOutcome(found);
  }, [load]);
  const retry = useCallback(() => {
    setOutcome(undefined);
    void refresh();
  }, [refresh]);
  useEffect(() => {
    void refresh();
    return () => {
      turn.current += 1;
    };
  }, [refresh]);
  return { outcome, refresh, retry };
}
