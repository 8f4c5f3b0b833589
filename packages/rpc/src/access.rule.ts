import { common } from '@postern/errors';
import type { AccessRule } from '@postern/proto';
import type { Principal, ServiceName } from './caller.ts';

/** Lets a caller pass, or throws UNAUTHENTICATED (nobody is signed in) or PERMISSION_DENIED. */
export function requireAccess(rule: AccessRule, principal: Principal): void {
  if (rule.kind === 'public' || passes(rule, principal)) return;
  throw principal.kind === 'anonymous' ? common.UNAUTHENTICATED() : common.PERMISSION_DENIED();
}

function passes(rule: AccessRule, principal: Principal): boolean {
  if (principal.kind === 'anonymous') return false;
  // A service speaks for the platform: it may do all but what needs a person's browser.
  if (principal.kind === 'service') return rule.kind !== 'session' && isCaller(rule, principal.name);
  switch (rule.kind) {
    case 'authenticated':
      return true;
    case 'session':
      return principal.via === 'session';
    case 'superuser':
      return principal.superuser;
    case 'permission':
      return principal.superuser || principal.permissions.includes(rule.permission);
    default:
      return false;
  }
}

/** What an internal RPC hands out may be meant for some services alone. */
function isCaller(rule: AccessRule, name: ServiceName): boolean {
  return rule.kind !== 'internal' || rule.callers === undefined || rule.callers.includes(name);
}
