import { defineErrors } from '@postern/errors';
import type { Call } from '@postern/rpc';

/** Reasons of acting as somebody else. */
export const impersonationErrors = defineErrors('auth.impersonation', {
  IMPERSONATING: {
    code: 'PERMISSION_DENIED',
    message: 'This is for the user alone, not for somebody who acts as them.',
    doc: 'Whoever acts as somebody else leaves nothing behind by which they could sign in as them later.',
  },
});

/** Keeps whoever acts as somebody else from what outlives it. Throws IMPERSONATING. */
export function requireThemselves({ context: { principal } }: Pick<Call, 'context'>): void {
  if (principal.kind === 'user' && principal.impersonator !== undefined) throw impersonationErrors.IMPERSONATING();
}
