/** Addresses that settings may hold: what each kind of them must be. All return what is wrong, or undefined. */

/** Schemes that run in the page they are opened from, or read the machine. */
const DANGEROUS = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'filesystem:',
  'view-source:',
]);
/** Characters that no address has, and that parsers drop or turn without a word. */
const UNREADABLE = /[\s\\\p{Cc}]/u;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An address that this server, or a browser, calls: https, or http on the machine itself. */
export function webAddressError(text: string): string | undefined {
  const url = parsed(text);
  if (typeof url === 'string') return url;
  if (url.protocol === 'https:' || isLoopback(url)) return undefined;
  return `"${text}" has to begin with https://.`;
}

/** An address that a browser is sent to: as above, or a scheme of an app's own (RFC 8252, section 7.1). */
export function landingAddressError(text: string): string | undefined {
  const url = parsed(text);
  if (typeof url === 'string') return url;
  return /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(url.protocol) ? undefined : webAddressError(text);
}

/** A name of a resource: RFC 8707, section 2, an absolute URI without a fragment. Nobody is sent there. */
export function resourceError(text: string): string | undefined {
  const url = parsed(text);
  return typeof url === 'string' ? url : undefined;
}

function parsed(text: string): URL | string {
  const url = UNREADABLE.test(text) || !URL.canParse(text) ? undefined : new URL(text);
  if (!url) return `"${text}" is not an absolute URI.`;
  if (DANGEROUS.has(url.protocol)) return `"${text}" has a scheme that is not allowed.`;
  if (text.includes('#')) return `"${text}" must not have a fragment.`;
  return url.username !== '' || url.password !== '' ? `"${text}" must not hold a user name or a password.` : url;
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && LOOPBACK.has(hostname);
}
