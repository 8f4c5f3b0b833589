import type { OAuth2Client } from '../../clients/index.ts';
import { namedClaims } from './named.claims.ts';

/** What a client says of one claim that it asks for: OpenID Connect Core, section 5.5.1. */
export type ClaimWish = {
  readonly essential?: boolean;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
};

/** Claims that are asked for one by one, by their names; null asks without further words. */
export type ClaimWishes = Readonly<Record<string, ClaimWish | null>>;

/**
 * The claims among these that are asked for. A claim whose value is not one that the client wants is left out: section 5.5.1 lets it be absent,
 * and a client that insists compares what it gets.
 */
export function selectClaims(
  claims: Readonly<Record<string, unknown>>,
  wishes: ClaimWishes | undefined,
): Record<string, unknown> {
  const wanted = new Map(Object.entries(wishes ?? {}));
  return Object.fromEntries(Object.entries(claims).filter(([name, value]) => isWanted(wanted.get(name), value)));
}

/**
 * The scopes of a client whose mappings name one of these claims, so that a person can be asked for their consent to them: section 5.5 lets
 * claims be asked for without their scope. Reserved claims have none.
 */
export function scopesGiving({ scopes }: Pick<OAuth2Client, 'scopes'>, claims: readonly string[]): string[] {
  const giving = scopes.filter(({ expression }) => namedClaims(expression).some((name) => claims.includes(name)));
  return [...new Set(giving.map(({ scopeName }) => scopeName))];
}

function isWanted(wish: ClaimWish | null | undefined, value: unknown): boolean {
  if (wish === undefined) return false;
  if (wish === null) return true;
  const accepted = [...(wish.value === undefined ? [] : [wish.value]), ...(wish.values ?? [])];
  return accepted.length === 0 || accepted.some((one) => JSON.stringify(one) === JSON.stringify(value));
}
