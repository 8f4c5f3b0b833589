import { cookieIn } from '../executor/navigation.ts';

/** The cookie whose value every change has to repeat, and the header that repeats it. */
export const CSRF_COOKIE = 'authentik_csrf';
export const CSRF_HEADER = 'x-authentik-csrf';

/** What came back. `status` is 0 when nothing did; `body` is undefined when it is no JSON. */
export type ApiAnswer = { readonly status: number; readonly body: unknown };

export type ApiClient = {
  /** Reads. `path` is absolute, such as `/api/v3/core/users/me/`. Never throws. */
  readonly get: (path: string, signal?: AbortSignal) => Promise<ApiAnswer>;
  /** Changes something, on behalf of whoever is signed in. Never throws. */
  readonly send: (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) => Promise<ApiAnswer>;
};

type ApiClientDeps = {
  readonly fetch: typeof globalThis.fetch;
  /** Value of a cookie that scripts may read; undefined when there is none. */
  readonly cookie: (name: string) => string | undefined;
};

/** Speaks JSON with the REST API of this host. */
export function createApiClient({ fetch, cookie }: ApiClientDeps): ApiClient {
  const exchange = async (path: string, init: RequestInit): Promise<ApiAnswer> => {
    const answer = await fetch(path, { credentials: 'same-origin', ...init }).catch(() => undefined);
    if (!answer) return { status: 0, body: undefined };
    const body: unknown = await answer.json().catch(() => undefined);
    return { status: answer.status, body };
  };
  const accept = 'application/json';
  return {
    get: (path, signal) => exchange(path, { headers: { accept }, signal }),
    send: (method, path, body) =>
      exchange(path, {
        method,
        headers: {
          accept,
          [CSRF_HEADER]: cookie(CSRF_COOKIE) ?? '',
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
  };
}

/** The client of this browser window. */
export function browserApi(): ApiClient {
  return createApiClient({
    fetch: (...request) => fetch(...request),
    cookie: (name) => cookieIn(document.cookie, name),
  });
}

/** Whether the answer is a success. */
export function isOk({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300;
}
