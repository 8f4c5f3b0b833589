import { cookieIn } from '../executor/navigation.ts';
import { decodeMessage, type Message, SILENCE } from './headless.message.ts';

/** Where the API is, for browsers. */
export const BASE = '/_allauth/browser/v1';

/** The cookie whose value every change has to repeat. */
export const CSRF_COOKIE = 'csrftoken';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a request has beside its place. */
export type Sent = { readonly body?: object; readonly headers?: Readonly<Record<string, string>> };

/** Asks the API. Never throws: what does not come back is a message of status 0. */
export type Request = (method: Method, path: string, sent?: Sent) => Promise<Message>;

type HeadlessClientDeps = {
  readonly fetch: typeof globalThis.fetch;
  /** Value of a cookie that scripts may read; undefined when there is none. */
  readonly cookie: (name: string) => string | undefined;
  /** Hears every answer that tells who is signed in, or what they have to do to be. */
  readonly onWho: (message: Message) => void;
};

/** The one way from these pages to the headless API. */
export function createHeadlessClient({ fetch, cookie, onWho }: HeadlessClientDeps): Request {
  return async (method, path, { body, headers = {} } = {}) => {
    const message = await fetch(`${BASE}${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(method !== 'GET' && { 'x-csrftoken': cookie(CSRF_COOKIE) ?? '' }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    }).then(
      async (answer) => decodeMessage(answer.status, await answer.json().catch(() => undefined)),
      () => SILENCE,
    );
    if (tellsWho(message)) onWho(message);
    return message;
  };
}

/** 401 and 410 always tell it; another answer does where it says so. */
function tellsWho({ status, meta }: Message): boolean {
  return status === 401 || status === 410 || (status === 200 && 'is_authenticated' in meta);
}

/** The value of a cookie of this window. */
export function browserCookie(name: string): string | undefined {
  return cookieIn(document.cookie, name);
}
