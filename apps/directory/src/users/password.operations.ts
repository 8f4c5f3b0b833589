import type { Database } from '@postern/database';
import type { Call } from '@postern/rpc';
import { requireRights, requireThemselves, rightsOfUser } from '../memberships/index.ts';
import type { Credentials } from './credentials.client.ts';
import { userFacts } from './user.events.ts';
import { getUser } from './user.repository.ts';

/** What setting passwords needs. */
export type PasswordDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly credentials: Pick<Credentials, 'setPassword'>;
};

/**
 * Sets the password of a user, which `auth` keeps. Throws NOT_FOUND, and SUPERUSER_REQUIRED or RIGHTS_EXCEEDED for an account that can do more
 * than the caller: whoever sets a password can sign in with it.
 */
export type SetPassword = (
  request: { readonly id: number; readonly password: string },
  call: Call,
) => Promise<Record<never, never>>;

/** Creates it. */
export function createSetPassword({ db, credentials }: PasswordDeps): SetPassword {
  return async ({ id, password }, call) => {
    requireThemselves(call);
    const user = await db.read(call.context, async (em) => {
      const row = await getUser(em, id);
      requireRights(await rightsOfUser(em, id), call);
      return userFacts(row);
    });
    await credentials.setPassword(user, password, ownSession(id, call), call);
    return {};
  };
}

/** Whoever changes their own password stays signed in where they did it. */
function ownSession(pk: number, { context: { principal } }: Call): string {
  return principal.kind === 'user' && principal.user.pk === pk ? (principal.session ?? '') : '';
}
