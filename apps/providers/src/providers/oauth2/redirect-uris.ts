/** Where answers may go: an address that must be equal, or a regular expression that must match in full. */
export type RedirectUri =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'pattern'; readonly value: string; readonly pattern: RegExp };

/** Longest address that is looked at: a pattern may take long over a long one. */
const MAX_LENGTH = 2_048;

/** Schemes that run in the page they are opened from. */
const FORBIDDEN = /^\s*(javascript|data|vbscript):/i;

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
  if (uri.length > MAX_LENGTH || FORBIDDEN.test(uri)) return false;
  return entries.some((entry) => (entry.kind === 'exact' ? entry.value === uri : entry.pattern.test(uri)));
}

/** What is wrong with the entries, if anything. */
export function redirectUriError(text: string): string | undefined {
  for (const value of entriesOf(text)) {
    if (value.startsWith('^') && !compile(value)) return `"${value}" is not a valid regular expression.`;
    if (FORBIDDEN.test(value)) return `"${value}" has a scheme that is not allowed.`;
  }
  return undefined;
}

function entriesOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function compile(value: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${value})$`);
  } catch {
    return undefined;
  }
}
