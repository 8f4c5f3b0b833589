/** Addresses that settings may name; each function answers what is wrong with one. */

const LONGEST = 1_000;
const DOMAIN = /^@(?=.{1,253}$)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u;

/** A domain of addresses, such as `@example.com`. */
export function domainError(domain: string): string | undefined {
  return DOMAIN.test(domain) ? undefined : `"${domain.slice(0, 100)}" is no domain such as "@example.com".`;
}

/** An origin as browsers send it (RFC 6454, section 7): nothing but scheme, host and port. */
export function originError(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  return isWeb && url.origin === origin
    ? undefined
    : `"${origin.slice(0, 100)}" is no origin such as "https://app.example.com".`;
}

/** A page of a front end: an address, or a path at the host of the request. */
export function pageError(address: string): string | undefined {
  if (address.length > LONGEST) return `Ensure this field has no more than ${LONGEST} characters.`;
  if (/[\s\\]/.test(address)) return 'Enter a valid URL.';
  // Two slashes would lead to another host.
  if (address.startsWith('/')) return address.startsWith('//') ? 'Enter a valid URL.' : undefined;
  const plain = address.replaceAll('{key}', 'key');
  if (!/^https?:\/\//i.test(plain) || !URL.canParse(plain)) return 'Enter a valid URL.';
  // A key within the host would be sent to whoever answers for it.
  const [, host = ''] = /^https?:\/\/([^/?#]*)/i.exec(address) ?? [];
  return host.includes('{') || host.includes('@') ? 'Enter a valid URL.' : undefined;
}
