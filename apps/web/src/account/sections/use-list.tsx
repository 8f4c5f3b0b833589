import { type ReactNode, useCallback } from 'react';
import { listOf } from '../../executor/wire.codec.ts';
import { Waiting } from '../../page/waiting.tsx';
import type { Outcome, Trouble } from '../../settings/outcome.ts';
import { TroubleView } from '../../settings/trouble.tsx';
import { type Loaded, useLoad } from '../../settings/use-load.ts';
import { useAccount } from '../account.context.ts';
import type { Message } from '../headless.message.ts';

/** Reads a list of the API when a part shows it. `decode` must stay the same between renders. */
export function useList<T>(path: string, decode: (item: unknown) => T): Loaded<readonly T[]> {
  const { request } = useAccount();
  const load = useCallback(async (): Promise<Outcome<readonly T[]>> => {
    const message = await request('GET', path);
    if (message.status === 200) return { value: itemsIn(message.data, decode) };
    return { trouble: troubleOf(message) };
  }, [request, path, decode]);
  return useLoad(load);
}

/** The list that is the data of an answer. */
export function itemsIn<T>(data: unknown, decode: (item: unknown) => T): readonly T[] {
  return listOf({ data }, 'data', decode);
}

function troubleOf({ status }: Message): Trouble {
  if (status === 0) return 'network';
  if (status === 404) return 'missing';
  return status === 401 || status === 403 ? 'refused' : 'server';
}

type ListViewProps<T> = {
  readonly loaded: Loaded<readonly T[]>;
  readonly children: (items: readonly T[]) => ReactNode;
};

/** What was read, or that it is on its way, or why it did not come. */
export function ListView<T>({ loaded: { outcome, retry }, children }: ListViewProps<T>) {
  if (!outcome) return <Waiting />;
  return 'value' in outcome ? children(outcome.value) : <TroubleView trouble={outcome.trouble} retry={retry} />;
}
