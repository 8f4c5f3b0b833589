import { RE2JS } from 're2js';

/** Where answers may go: an address that must be equal, or a regular expression that must match in full. */
export type RedirectUri =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'pattern'; readonly value: string; readonly pattern: Pattern };

/** A compiled expression: linear in time, whatever an administrator writes (decision 195). */
export type Pattern = { matches(text: string): boolean };

/** Longest address that is looked at. */
const MAX_LENGTH = 2_048;

/** Schemes that run in the page they are opened from, or lead into the browser itself. */
const FORBIDDEN = /^\s*(javascript|data|vbscript|blob|about|file|filesystem|view-source):/i;
/** An absolute address (RFC 6749, section 3.1.2) in the characters of RFC 3986, appendix A: none that a browser drops or turns round on its way. */
const ADDRESS = /^[a-z][a-z0-9+.-]*:[\w!#$%&'()*+,./:;=?@[\]~-]+$/i;
/** The loopback interface by address, without a port: RFC 8252, section 7.3. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?=[/?]|$)/;
const LOOPBACK_PORT = /^(http:\/\/(?:127\.0\.0\.1|\[::1\])):(?:[1-9]\d{0,4})(?=[/?]|$)/;

/**
 * Reads the entries of a provider, apart by blanks or line ends. An entry that starts with `^` is a regular expression; all others are addresses,
 * compared character by character (RFC 6749, section 3.1.2.3; RFC 9700, section 2.1). Entries that do not compile match nothing.
 */
export function parseRedirectUris(text: string): RedirectUri[] {
  return entriesOf(text).flatMap((value): RedirectUri[] => {
    if (!value.startsWith('^')) return [{ kind: 'exact', value }];
    const pattern = compile(value);
    return pattern ? [{ kind: 'pattern', value, pattern }] : [];
  });
}

/** Whether an address is one of those registered. */
export function matchesRedirectUri(entries: readonly RedirectUri[], uri: string): boolean {
  if (uri.length > MAX_LENGTH || FORBIDDEN.test(uri) || !ADDRESS.test(uri)) return false;
  return entries.some((entry) => (entry.kind === 'exact' ? isEqual(entry.value, uri) : isMatch(entry.pattern, uri)));
}

/** What is wrong with the entries, if anything. */
export function redirectUriError(text: string): string | undefined {
  for (const value of entriesOf(text)) {
    if (value.startsWith('^') && !compile(value)) return `"${value}" is not a valid regular expression.`;
    if (FORBIDDEN.test(value.replace(/^\^/, ''))) return `"${value}" has a scheme that is not allowed.`;
    if (value.startsWith('^')) continue;
    if (value.includes('#')) return `"${value}" has a fragment, which is not allowed.`;
    if (hasUserInfo(value)) return `"${value}" names a user, which is not allowed.`;
  }
  return undefined;
}

/** Native apps listen on a port that the system chooses: an entry of the loopback address that names no port takes any. */
function isEqual(entry: string, uri: string): boolean {
  if (entry === uri) return true;
  return LOOPBACK.test(entry) && LOOPBACK_PORT.test(uri) && entry === uri.replace(LOOPBACK_PORT, '$1');
}

/** `https://app.example@evil.example/` leads to evil.example: an expression that forgot the end of its host must not send anybody there. */
function isMatch(pattern: Pattern, uri: string): boolean {
  return !hasUserInfo(uri) && pattern.matches(uri);
}

function hasUserInfo(uri: string): boolean {
  const [, authority = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri) ?? [];
  return authority.includes('@');
}

function entriesOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function compile(value: string): Pattern | undefined {
  try {
    return RE2JS.compile(value);
  } catch {
    return undefined;
  }
}
