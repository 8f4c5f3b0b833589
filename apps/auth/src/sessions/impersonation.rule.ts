import type { Standing } from '../accounts/index.ts';

/** What somebody needs to act as somebody else. */
export const IMPERSONATE = 'authentik_core.impersonate';

/**
 * Whether somebody may act as somebody else: not as themselves, not as a part of Postern, and as nobody who may do something that they may
 * not themselves.
 */
export function mayImpersonate(actor: Standing, other: Standing): boolean {
  if (actor.user.pk === other.user.pk || other.user.type === 'internal_service_account') return false;
  if (actor.superuser) return true;
  return (
    actor.permissions.includes(IMPERSONATE) &&
    !other.superuser &&
    other.permissions.every((permission) => actor.permissions.includes(permission))
  );
}
