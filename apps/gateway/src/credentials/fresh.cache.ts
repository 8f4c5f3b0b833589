import { LRUCache } from 'lru-cache';

type Entry<T> = { readonly value: T; readonly until: number; readonly mark: string };

/** Remembers answers for a while, as long as their mark stays the same. */
export type FreshCache<T> = {
  /** The remembered answer, if it is still good. */
  peek(key: string, mark: () => string): T | undefined;
  /**
   * The remembered answer, or that of `load`, which concurrent callers share. `ends` says when an answer stops being true by itself, in
   * milliseconds of the clock: it is remembered no longer, and not at all where that is over. Default: it never does.
   */
  get(key: string, mark: () => string, load: () => Promise<T>, ends?: (value: T) => number): Promise<T>;
};

/**
 * Creates a cache. An answer whose mark moved while it was loaded is not remembered: it may be older than the change.
 *
 * @param ttlMs how long an answer is good without news
 */
export function createFreshCache<T>({
  ttlMs,
  max,
  clock,
}: {
  ttlMs: number;
  max: number;
  clock: () => number;
}): FreshCache<T> {
  const entries = new LRUCache<string, Entry<T>>({ max });
  const pending = new Map<string, Promise<T>>();

  function peek(key: string, mark: () => string): T | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    if (entry.until > clock() && entry.mark === mark()) return entry.value;
    entries.delete(key);
    return undefined;
  }

  async function load(key: string, mark: () => string, ask: () => Promise<T>, ends: (value: T) => number): Promise<T> {
    const before = mark();
    const fresh = clock() + ttlMs;
    const value = await ask();
    const until = Math.min(fresh, ends(value));
    if (until > clock() && mark() === before) entries.set(key, { value, until, mark: before });
    return value;
  }

  return {
    peek,
    get(key, mark, ask, ends = () => Number.POSITIVE_INFINITY) {
      const known = peek(key, mark);
      if (known !== undefined) return Promise.resolve(known);
      // Callers that come after a change must not share an answer that was asked for before it.
      const id = `${key} ${mark()}`;
      const running = pending.get(id);
      if (running) return running;
      const started = load(key, mark, ask, ends).finally(() => pending.delete(id));
      pending.set(id, started);
      return started;
    },
  };
}
