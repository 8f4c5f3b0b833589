import { useRef, useState } from 'react';
import type { Change } from './outcome.ts';

type Refused = Extract<Change, { ok: false }>;

export type Changing = {
  readonly busy: boolean;
  /** Why the last try did not succeed. */
  readonly refused: Refused | undefined;
  /** Counts the answers, so that focus follows each of them. */
  readonly outcomes: number;
  /** Does it, unless it is being done. */
  readonly run: (act: () => Promise<Change>) => Promise<void>;
};

/** Runs a change at a time, and calls `onDone` with what came back once it succeeded. */
export function useChange(onDone: (body: unknown) => void): Changing {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const [outcomes, setOutcomes] = useState(0);
  const running = useRef(false);
  const run = async (act: () => Promise<Change>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    const result = await act();
    running.current = false;
    setBusy(false);
    setOutcomes((count) => count + 1);
    setRefused(result.ok ? undefined : result);
    if (result.ok) onDone(result.body);
  };
  return { busy, refused, outcomes, run };
}
