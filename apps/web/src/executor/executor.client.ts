import { CSRF_COOKIE, CSRF_HEADER } from '../api/api.client.ts';
import { parseChallenge } from './challenge.codec.ts';
import type { Answer, Challenge } from './challenge.types.ts';

/** Why no challenge came back. `network` and `server` may pass by themselves; the others do not. */
export type Failure = 'network' | 'server' | 'not-found' | 'protocol';

export type Outcome = { readonly challenge: Challenge } | { readonly failure: Failure };

export type ExecutorClientDeps = {
  readonly fetch: typeof globalThis.fetch;
  /** Slug of the flow. */
  readonly slug: string;
  /** The page's own query string, with or without its question mark. */
  readonly query: string;
  /** Value of a cookie that scripts may read; undefined when there is none. */
  readonly cookie: (name: string) => string | undefined;
};

export type ExecutorClient = {
  /** The challenge that waits for an answer. */
  readonly current: () => Promise<Outcome>;
  /** Answers the challenge of this component; the outcome is the next one, or the same with `response_errors`. */
  readonly answer: (component: string, answer: Answer) => Promise<Outcome>;
};

/** Speaks to the flow executor. A passed stage answers 302 to the executor itself, which fetch follows. */
export function createExecutorClient({ fetch, slug, query, cookie }: ExecutorClientDeps): ExecutorClient {
  const search = new URLSearchParams({ query: query.replace(/^\?/, '') });
  const url = `/api/v3/flows/executor/${encodeURIComponent(slug)}/?${search}`;

  return {
    current: () => exchange(() => fetch(url, { headers: { accept: 'application/json' }, credentials: 'same-origin' })),
    answer: (component, answer) =>
      exchange(() =>
        fetch(url, {
          method: 'POST',
          credentials: 'same-origin',
          headers: {
            accept: 'application/json',
            'content-type': 'application/json',
            [CSRF_HEADER]: cookie(CSRF_COOKIE) ?? '',
          },
          body: JSON.stringify({ component, ...answer }),
        }),
      ),
  };
}

async function exchange(send: () => Promise<Response>): Promise<Outcome> {
  const response = await send().catch(() => undefined);
  if (!response) return { failure: 'network' };
  if (response.status === 404) return { failure: 'not-found' };
  if (!response.ok) return { failure: 'server' };
  const body: unknown = await response.json().catch(() => undefined);
  const challenge = parseChallenge(body);
  return challenge ? { challenge } : { failure: 'protocol' };
}
