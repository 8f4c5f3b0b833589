import { type ApiAnswer, type ApiClient, isOk } from '../api/api.client.ts';
import type { ResponseErrors } from '../executor/challenge.types.ts';
import type { Failure } from '../executor/executor.client.ts';
import { isWire, listOf, numberOf, type Wire, wireOf } from '../executor/wire.codec.ts';

/** Why something could not be read. `refused`: nobody is signed in any more, or this person may not see it. */
export type Trouble = 'network' | 'server' | 'refused' | 'missing';

export type Outcome<T> = { readonly value: T } | { readonly trouble: Trouble };

/** What became of a change; `errors` by field, those of the whole under a name that no field has. */
export type Change =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly failure?: Failure; readonly errors?: ResponseErrors };

/** Lists are read in pages of this size, and to this many objects: nobody looks through more of their own. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10;

/** Reads one object. */
export async function readOne<T>(api: ApiClient, path: string, decode: (body: unknown) => T): Promise<Outcome<T>> {
  const answer = await api.get(path);
  return isOk(answer) ? { value: decode(answer.body) } : { trouble: troubleOf(answer) };
}

/** Reads a list that comes as it is, without pages. */
export function readArray<T>(api: ApiClient, path: string, decode: (item: unknown) => T) {
  return readOne(api, path, (items) => listOf({ items }, 'items', decode));
}

/** Reads a list that comes in pages. `path` has a query already. */
export async function readPages<T>(
  api: ApiClient,
  path: string,
  decode: (item: unknown) => T,
): Promise<Outcome<readonly T[]>> {
  const found: T[] = [];
  for (let page = 1; page > 0 && page <= MOST_PAGES; ) {
    const answer = await api.get(`${path}&page=${page}&page_size=${PAGE_SIZE}`);
    if (!isOk(answer)) return { trouble: troubleOf(answer) };
    const body = wireOf(answer.body);
    found.push(...listOf(body, 'results', decode));
    page = numberOf(wireOf(body.pagination), 'next');
  }
  return { value: found };
}

/** Changes something. What is to be deleted and is not there any more counts as deleted. */
export async function change(
  api: ApiClient,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<Change> {
  const answer = await api.send(method, path, body);
  return method === 'DELETE' && answer.status === 404 ? { ok: true, body: answer.body } : changeOf(answer);
}

/** What an answer says became of a change. */
export function changeOf(answer: ApiAnswer): Change {
  if (isOk(answer)) return { ok: true, body: answer.body };
  if (answer.status === 0) return { ok: false, failure: 'network' };
  if (answer.status >= 500 || !isWire(answer.body)) return { ok: false, failure: 'server' };
  return { ok: false, errors: errorsOf(answer.body) };
}

/** Why an answer is none. */
export function troubleOf({ status }: ApiAnswer): Trouble {
  if (status === 0) return 'network';
  if (status === 404) return 'missing';
  return status === 401 || status === 403 ? 'refused' : 'server';
}

/** `{"name": ["…"]}` and `{"detail": "…"}` in the shape that forms show. */
function errorsOf(body: Wire): ResponseErrors {
  const fields = Object.entries(body).map(([field, texts]) => {
    const said = (Array.isArray(texts) ? texts : [texts]).filter((text) => typeof text === 'string');
    return [field, said.map((string) => ({ string, code: 'invalid' }))] as const;
  });
  return Object.fromEntries(fields.filter(([, texts]) => texts.length > 0));
}
