import { useCallback } from 'react';
import type { Change } from '../../settings/outcome.ts';
import { useAccount } from '../account.context.ts';
import type { Method } from '../headless.client.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { changeOf } from '../refusal.ts';

/** Changes something, and says in words what was refused. */
export function useChanges() {
  const { request } = useAccount();
  const words = useAccountWords();
  return useCallback(
    async (method: Method, path: string, body?: object): Promise<Change> =>
      changeOf(await request(method, path, body && { body }), words),
    [request, words],
  );
}
