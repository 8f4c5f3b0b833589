import { useEffect, useRef, useState } from 'react';
import { useAccount } from './account.context.ts';
import type { Message } from './headless.message.ts';
import { useAccountWords } from './messages/account.messages.ts';
import { type Refusal, refusalOf } from './refusal.ts';

type UseAnswering = {
  readonly alias: Readonly<Record<string, string>>;
  readonly onDone?: (message: Message) => void;
  readonly onRefused?: (message: Message) => void;
};

/** One exchange with the API at a time, and what became of the last one. */
export type Answering = {
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  /** Counts the answers, so that focus follows each of them. */
  readonly outcomes: number;
  /** Asks, unless it is asking. What brings no message leaves everything as it is. */
  readonly run: (ask: () => Promise<Message | undefined>) => Promise<void>;
};

export function useAnswering({ alias, onDone, onRefused }: UseAnswering): Answering {
  const words = useAccountWords();
  const { request } = useAccount();
  const [state, setState] = useState<Omit<Answering, 'run'>>({ busy: false, refusal: undefined, outcomes: 0 });
  const running = useRef(false);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const run = async (ask: () => Promise<Message | undefined>) => {
    if (running.current) return;
    running.current = true;
    setState((before) => ({ ...before, busy: true }));
    const message = await ask();
    running.current = false;
    // The page may have given way to another by what came back.
    if (!mounted.current) return;
    const refusal = message && refusalOf(message, words);
    setState(({ outcomes }) => ({ busy: false, refusal: refusal && renamed(refusal, alias), outcomes: outcomes + 1 }));
    if (!message) return;
    if (!refusal) return onDone?.(message);
    onRefused?.(message);
    // A step that is over is none of the session's any more: pages look at that.
    if (message.status === 409) void request('GET', '/auth/session');
  };
  return { ...state, run };
}

function renamed({ failure, errors }: Refusal, alias: Readonly<Record<string, string>>): Refusal {
  if (!errors) return { failure };
  return { errors: Object.fromEntries(Object.entries(errors).map(([name, said]) => [alias[name] ?? name, said])) };
}
