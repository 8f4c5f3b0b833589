import { cookieIn } from '../executor/navigation.ts';

/** The cookie whose value every change has to repeat, and the header that repeats it. */
export const CSRF_COOKIE = 'authentik_csrf';
export const CSRF_HEADER = 'x-authentik-csrf';

/** What came back. `status` is 0 when nothing did; `body` is undefined when it is no JSON. */
export type ApiAnswer = { readonly status: number; readonly body: unknown };

export type ApiClient = {
  /** Reads. `path` is absolute, such as `/api/v3/core/users/me/`. Never throws. */
  readonly get: (path: string, signal?: AbortSignal) => Promise<ApiAnswer>;
  /** Reads a text that is no JSON. Never throws. */
  readonly text: (path: string) => Promise<{ readonly status: number; readonly text: string }>;
  /** Changes something, on behalf of whoever is signed in. Never throws. */
  readonly send: (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) => Promise<ApiAnswer>;
};

type ApiClientDeps = {
  readonly fetch: typeof globalThis.fetch;
  /** Value of a cookie that scripts may read; undefined when there is none. */
  readonly cookie: (name: string) => string | undefined;
  /** Key that every request carries, for what asks for another than the session. */
  readonly key?: string;
};

/** Speaks JSON with the REST API of this host. */
export function createApiClient({ fetch, cookie, key }: ApiClientDeps): ApiClient {
  const exchange = async (path: string, init: RequestInit): Promise<ApiAnswer> => {
    const answer = await fetch(path, { credentials: 'same-origin', ...init }).catch(() => undefined);
    if (!answer) return { status: 0, body: undefined };
    const body: unknown = await answer.json().catch(() => undefined);
    return { status: answer.status, body };
  };
  const known = { accept: 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  return {
    get: (path, signal) => exchange(path, { headers: known, signal }),
    text: async (path) => {
      const answer = await fetch(path, { credentials: 'same-origin' }).catch(() => undefined);
      return { status: answer?.status ?? 0, text: (await answer?.text().catch(() => '')) ?? '' };
    },
    send: (method, path, body) =>
      exchange(path, {
        method,
        headers: {
          ...known,
          [CSRF_HEADER]: cookie(CSRF_COOKIE) ?? '',
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
  };
}

/** The client of this browser window; with a key, for what asks for one. */
export function browserApi(key?: string): ApiClient {
  return createApiClient({
    key,
    fetch: (...request) => fetch(...request),
    cookie: (name) => cookieIn(document.cookie, name),
  });
}

/** Whether the answer is a success. */
export function isOk({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300;
}
