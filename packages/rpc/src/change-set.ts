import { common } from '@postern/errors';
import type { Principal, UserPrincipal } from './caller.ts';
import { rpcErrors } from './rpc.errors.ts';
import type { Sealer } from './sealer.ts';

/**
 * A change set that a call is part of. Services alone carry one: the called service works in the transaction that it holds for the change set,
 * and sees what earlier calls of it did there.
 */
export type ChangeSet = {
  readonly id: string;
  readonly tenant: string;
  /**
   * Objects that this change set made in other services, as `<model>:<key>`, as far as the call names them. There they are seen by nobody else
   * before the commit: who refers to them takes the word of the caller.
   */
  readonly vouched: readonly string[];
  /** Who wanted the changes; the service itself when nobody did. */
  readonly actor?: UserPrincipal | undefined;
};

/** Objects that one call may vouch for: they travel in the metadata, which must stay small. */
export const MAX_VOUCHED = 200;

/** How an object is called that somebody vouches for. */
export function vouchOf(model: string, key: string | number): string {
  return `${model}:${String(key).toLowerCase()}`;
}

/** Whether a change set vouches for an object. */
export function isVouched(changeSet: ChangeSet | undefined, model: string, key: string | number): boolean {
  return changeSet?.vouched.includes(vouchOf(model, key)) ?? false;
}

/** Verifies the change set of a call. Throws CALLER_TOKEN_INVALID for a forged one, and PERMISSION_DENIED for a caller that is no service. */
export function openChangeSet(token: string, principal: Principal, sealer: Sealer): ChangeSet {
  const changeSet = sealer.openChangeSet(token);
  if (principal.kind !== 'service') throw common.PERMISSION_DENIED();
  if (changeSet.tenant !== principal.tenant) throw rpcErrors.CALLER_TOKEN_INVALID();
  return changeSet;
}
