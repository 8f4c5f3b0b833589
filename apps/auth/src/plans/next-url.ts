/** Names that existing clients send as `next` instead of a path. */
const NAMED_PAGES: ReadonlyMap<string, string> = new Map([
  ['authentik_core:root-redirect', '/'],
  ['authentik_core:if-user', '/if/user/'],
  ['authentik_core:if-admin', '/if/admin/'],
]);

/** Characters that browsers drop or turn into a slash before they resolve an address. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const TREACHEROUS = /[\u0000-\u0020\u007f\\]/;

/**
 * The local path that a `next` parameter asks for; undefined when it could lead off this server: absolute addresses, `//host`,
 * backslashes and control characters (browsers read `/\host` and `/<tab>/host` as another host), and anything without a leading slash.
 */
export function localPath(next: string): string | undefined {
  const named = NAMED_PAGES.get(next);
  if (named !== undefined) return named;
  if (!next.startsWith('/') || next.startsWith('//') || TREACHEROUS.test(next)) return undefined;
  const resolved = new URL(next, 'https://postern.invalid');
  return resolved.origin === 'https://postern.invalid' && !resolved.pathname.startsWith('//') ? next : undefined;
}
