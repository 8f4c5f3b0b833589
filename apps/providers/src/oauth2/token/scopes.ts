import { oauth2Errors } from '../oauth2.errors.ts';
import { OFFLINE_SCOPE } from '../vocabulary.ts';

/** The scopes of a request, each once. */
export function askedScopes(text: string): string[] {
  return [...new Set(text.split(' ').filter(Boolean))];
}

/**
 * What a grant without a person gives: of what is asked the part that the client may have, as at the authorization endpoint, and nothing where nothing
 * is asked. `offline_access` means nothing here. Throws INVALID_SCOPE when nothing is left.
 *
 * @param allowed picks what the client may have
 */
export function scopesWithoutPerson(text: string, allowed: (asked: readonly string[]) => readonly string[]): string[] {
  const asked = askedScopes(text);
  if (asked.length === 0) return [];
  const granted = allowed(asked).filter((scope) => scope !== OFFLINE_SCOPE);
  if (granted.length === 0) throw oauth2Errors.INVALID_SCOPE();
  return granted;
}

/** A client may ask for less than it was granted, for this access token. Throws INVALID_SCOPE when it asks for more. */
export function narrowedScopes(text: string, granted: readonly string[]): readonly string[] {
  const scopes = askedScopes(text);
  if (scopes.some((scope) => !granted.includes(scope))) throw oauth2Errors.INVALID_SCOPE();
  return scopes.length === 0 ? granted : scopes;
}

/**
 * Whom an access token is for: RFC 8707, section 2.2. A client names resources among those that it may; without naming any it gets what was granted.
 * Throws INVALID_TARGET for one that it may not.
 */
export function narrowedAudience(
  asked: readonly string[],
  granted: readonly string[] | undefined,
): readonly string[] | undefined {
  const names = [...new Set(asked)].filter((name) => name !== '');
  if (names.length === 0) return granted;
  if (names.some((name) => !granted?.includes(name))) throw oauth2Errors.INVALID_TARGET();
  return names;
}
