import { common } from '@postern/errors';
import type { Call, UserPrincipal } from '@postern/rpc';
import type { StageAccount } from '../stages/index.ts';

/** Whoever calls. Throws UNAUTHENTICATED for a caller who is no user. */
export function callerOf({ context: { principal } }: Call): UserPrincipal {
  if (principal.kind !== 'user') throw common.UNAUTHENTICATED();
  return principal;
}

/** The same, as the engine knows accounts. */
export function accountOf({ user }: UserPrincipal): StageAccount {
  const { pk, uuid, username, name, email, type } = user;
  return { pk, uuid, username, name, email, type, isActive: true };
}

/** The same, as accounts are kept. */
export function factsOf({ isActive, ...facts }: StageAccount) {
  return { ...facts, is_active: isActive };
}

const TOKEN = /^(?:token|bearer)\s+(\S+)$/i;

/** The token that a request came with. */
export function presentedToken({ headers }: Call): string | undefined {
  return TOKEN.exec((headers.authorization ?? '').trim())?.[1];
}

/** A time as the API writes it: minutes, in UTC. */
export function minuteOf(time: Date | number | string): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** The part of a list that `limit` and `offset` ask for. */
export function partOfList<Item>(items: readonly Item[], { limit, offset }: { limit: number; offset: number }) {
  return { count: items.length, results: limit > 0 ? items.slice(offset, offset + limit) : [...items] };
}
