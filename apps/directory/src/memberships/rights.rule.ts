import { common } from '@postern/errors';
import { lackedOf, type Rights } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { membershipErrors } from './membership.errors.ts';

/**
 * Nobody manages what can do more than they can: neither hand rights out, nor take over an account that has them. Throws SUPERUSER_REQUIRED or
 * RIGHTS_EXCEEDED. A service speaks for the platform.
 */
export function requireRights(rights: Rights, { context }: Pick<Call, 'context'>): void {
  if (context.principal.kind === 'anonymous') throw common.UNAUTHENTICATED();
  const lacked = lackedOf(rights, context);
  if (lacked === undefined) return;
  if (rights.superuser) throw membershipErrors.SUPERUSER_REQUIRED();
  throw membershipErrors.RIGHTS_EXCEEDED({ permission: lacked });
}

/** The same of rights that are looked up: only for who could lack any. */
export async function requireRightsOf(find: () => Promise<Rights>, call: Pick<Call, 'context'>): Promise<void> {
  const { principal } = call.context;
  if (principal.kind === 'service' || (principal.kind === 'user' && principal.superuser)) return;
  requireRights(await find(), call);
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
