/** Where a flow of the settings leads when it is done. */
export const FLOW_END = '/if/user/';

type FinderDeps = { readonly fetch: typeof globalThis.fetch; readonly base: string };

/**
 * The flow behind an address such as `/flows/-/configure/<stage>/`, which begins it on the server and leads to its page. Undefined when it leads
 * nowhere; addresses of other hosts are not asked.
 */
export async function findFlow({ fetch, base }: FinderDeps, address: string): Promise<string | undefined> {
  if (!URL.canParse(address, base) || new URL(address, base).origin !== new URL(base).origin) return undefined;
  const url = new URL(address, base);
  url.searchParams.set('next', FLOW_END);
  const answer = await fetch(url, { credentials: 'same-origin' }).catch(() => undefined);
  return answer?.ok ? slugOf(answer.url) : undefined;
}

/** The flow whose page an address is; undefined for any other page. */
export function slugOf(address: string): string | undefined {
  return /^\/if\/flow\/([-\w]+)\/?$/.exec(new URL(address).pathname)?.[1];
}

export type Turn =
  | { readonly kind: 'done' }
  | { readonly kind: 'flow'; readonly slug: string }
  | { readonly kind: 'leave' };

/** What a redirect at the end of a flow means for the page that runs it: it is done, another flow follows, or it leads elsewhere. */
export function turnOf(to: string, base: string): Turn {
  if (!URL.canParse(to, base)) return { kind: 'leave' };
  const url = new URL(to, base);
  if (url.origin !== new URL(base).origin) return { kind: 'leave' };
  if (url.pathname === FLOW_END || url.pathname === '/') return { kind: 'done' };
  const slug = slugOf(url.href);
  return slug === undefined ? { kind: 'leave' } : { kind: 'flow', slug };
}
