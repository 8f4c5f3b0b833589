import { common } from '@postern/errors';
import type { Call } from '@postern/rpc';
import type { Rights } from './ancestry.repository.ts';
import { membershipErrors } from './membership.errors.ts';

/**
 * Nobody manages what can do more than they can: neither hand rights out, nor take over an account that has them. Throws SUPERUSER_REQUIRED or
 * RIGHTS_EXCEEDED. A service speaks for the platform.
 */
export function requireRights(rights: Rights, { context: { principal } }: Pick<Call, 'context'>): void {
  if (principal.kind === 'service') return;
  if (principal.kind === 'anonymous') throw common.UNAUTHENTICATED();
  if (principal.superuser) return;
  if (rights.superuser) throw membershipErrors.SUPERUSER_REQUIRED();
  // Which objects those are is not compared: whoever lacks a permission in general does not manage who has it anywhere.
  const held = [...rights.permissions, ...rights.onObjects];
  const permission = held.find((one) => !principal.permissions.includes(one));
  if (permission !== undefined) throw membershipErrors.RIGHTS_EXCEEDED({ permission });
}

/** Whether the caller holds a permission. */
export function mayCall(permission: string, { context: { principal } }: Pick<Call, 'context'>): boolean {
  if (principal.kind === 'service') return true;
  return principal.kind === 'user' && (principal.superuser || principal.permissions.includes(permission));
}

/** Asks for a permission beyond the one that the RPC declares. Throws PERMISSION_DENIED. */
export function requirePermission(permission: string, call: Pick<Call, 'context'>): void {
  if (!mayCall(permission, call)) throw common.PERMISSION_DENIED();
}

/** Keeps whoever acts as somebody else from making what they could sign in with later. Throws PERMISSION_DENIED. */
export function requireThemselves({ context: { principal } }: Pick<Call, 'context'>): void {
  if (principal.kind === 'user' && principal.impersonator !== undefined) throw common.PERMISSION_DENIED();
}
