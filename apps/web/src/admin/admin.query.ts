import { QueryClient } from '@tanstack/react-query';
import { type ApiClient, isOk } from '../api/api.client.ts';
import { type Trouble, troubleOf } from '../settings/outcome.ts';

/** The paths of the OpenAPI document begin below this. */
export const API = '/api/v3';

/** Why something could not be read. */
export class ReadError extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble) {
    super(`could not be read: ${trouble}`);
    this.trouble = trouble;
  }
}

/** The address of a path of the OpenAPI document; one that is an address from the root already stays. */
export function addressIn(path: string): string {
  return path.startsWith('/api/') ? path : `${API}${path}`;
}

/** Reads a path of the OpenAPI document; throws a `ReadError`. */
export async function read(api: ApiClient, path: string, signal?: AbortSignal): Promise<unknown> {
  const answer = await api.get(addressIn(path), signal);
  if (!isOk(answer)) throw new ReadError(troubleOf(answer));
  return answer.body;
}

/** What was read stays for half a minute; a reading that was refused is not repeated, one without an answer is, once. */
export function createAdminQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 1 && error instanceof ReadError && error.trouble === 'network',
      },
    },
  });
}
