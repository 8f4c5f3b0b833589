import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './http.client.ts';

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** What an API call came to. */
export type Answer = { readonly status: number; readonly body: Json; readonly text: string };

/** The API, as somebody who holds a token. */
export type Api = {
  /** Calls it and answers whatever comes. Rejects when nothing comes. */
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Calls it; throws what it answered unless that is a success. */
  get(path: string): Promise<Json>;
  post(path: string, body?: unknown): Promise<Json>;
  patch(path: string, body: unknown): Promise<Json>;
  remove(path: string): Promise<void>;
  /** All results of a list, over its pages. */
  list(path: string): Promise<Json[]>;
};

/** Who calls, and whom. */
export type ApiOptions = {
  url: string;
  token?: string;
  /** Name by which the tenant is found. Default: that of the url. */
  host?: string;
  /** Milliseconds to wait for an answer. Default 30,000. */
  patience?: number;
};

/** A client of the API below `/api/v3`, and of the protocols below `/application`. */
export function apiOf({ url, token, host, patience }: ApiOptions): Api {
  const send: Api['send'] = async (method, path, body) => {
    const { status, text } = await ask({
      url: new URL(/^\/(api|application)\//.test(path) ? path : `/api/v3${path}`, url),
      method,
      headers: token ? { authorization: `Bearer ${token}` } : {},
      body: body === undefined ? undefined : JSON.stringify(body),
      host,
      patience,
    });
    return { status, body: objectOf(text), text };
  };
  const succeed = async (method: string, path: string, body?: unknown) => {
    const answer = await send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  return {
    send,
    get: (path) => succeed('GET', path),
    post: (path, body) => succeed('POST', path, body),
    patch: (path, body) => succeed('PATCH', path, body),
    remove: async (path) => void (await succeed('DELETE', path)),
    async list(path) {
      const found: Json[] = [];
      for (let page = 1; page !== 0; ) {
        const { pagination, results } = await succeed('GET', withQuery(path, { page, page_size: 100 }));
        found.push(...(results as Json[]));
        page = Number((pagination as Json).next);
      }
      return found;
    },
  };
}

/** Asks again every 50 ms until an answer satisfies; throws with the last one after `patience` milliseconds. */
export async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean, patience = 15_000): Promise<T> {
  const limit = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > limit) throw new Error(`waited in vain; last: ${JSON.stringify(answer)?.slice(0, 2_000)}`);
    await sleep(50);
  }
}

/** A path with further parameters in its query. */
export function withQuery(path: string, parameters: Record<string, string | number>): string {
  const [place = '', query = ''] = path.split('?');
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) all.set(name, String(value));
  return `${place}?${all}`;
}

function objectOf(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
  } catch {
    return {};
  }
}
