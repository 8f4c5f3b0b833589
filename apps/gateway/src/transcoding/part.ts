import type { Asked } from './response.transcoder.ts';

/** A part of a list: how long the whole list is, and what stands in the part. */
export type Part = { readonly count: number; readonly results: readonly unknown[] };

/**
 * A part of a list as a client that pages by limit and offset expects it: the bare list unless it asked for a limit, else the part with
 * the addresses of those before and after it, which keep the rest of the query.
 */
export function partOf({ count, results }: Part, { origin, path, query }: Asked): unknown {
  const asked = new URLSearchParams(query);
  const limit = numberOf(asked.get('limit'));
  if (limit === 0) return results;
  const offset = numberOf(asked.get('offset'));
  const at = (start: number) => {
    const parameters = new URLSearchParams(query);
    parameters.set('limit', String(limit));
    if (start > 0) parameters.set('offset', String(start));
    else parameters.delete('offset');
    return `${origin}${path}?${parameters}`;
  };
  return {
    count,
    next: offset + limit < count ? at(offset + limit) : null,
    previous: offset > 0 ? at(offset - limit) : null,
    results,
  };
}

/** What is no number, or less than nothing, counts as absent. */
function numberOf(text: string | null): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
