import type { directory } from '@postern/proto';
import { lackedOf } from '@postern/resource';
import { asService, type Call, type Client } from '@postern/rpc';
import { accountErrors } from './account.errors.ts';

/** Whose rights a caller would get hold of: users they could act as, groups they could make people members of. */
export type Holders = { readonly users?: readonly number[]; readonly groups?: readonly string[] };

/** Keeps callers from what would give them, or somebody they choose, more than they have. */
export type RightsGuard = {
  /** Throws RIGHTS_BEYOND_YOURS. A service speaks for the platform, and is not asked. */
  require(holders: Holders, call: Pick<Call, 'context'>): Promise<void>;
  /** The same as an answer. */
  covers(holders: Holders, call: Pick<Call, 'context'>): Promise<boolean>;
};

/** What the guard asks. */
export type RightsGuardDeps = {
  readonly userDirectory: Pick<Client<directory.UserDirectoryServiceDefinition>, 'getRights'>;
};

/** Creates the guard. It asks every time: what somebody may do can have grown a moment ago. */
export function createRightsGuard({ userDirectory }: RightsGuardDeps): RightsGuard {
  async function lacked(
    { users = [], groups = [] }: Holders,
    call: Pick<Call, 'context'>,
  ): Promise<string | undefined> {
    if (isAboveAll(call) || users.length + groups.length === 0) return undefined;
    const origin = asService(call.context.tenant);
    const { superuser, permissions, on_objects: onObjects } = await userDirectory.getRights({ users, groups }, origin);
    return lackedOf({ superuser, permissions, onObjects }, call.context);
  }
  return {
    async require(holders, call) {
      const permission = await lacked(holders, call);
      if (permission !== undefined) throw accountErrors.RIGHTS_BEYOND_YOURS({ permission });
    },
    covers: async (holders, call) => (await lacked(holders, call)) === undefined,
  };
}

/** Keeps what superusers alone decide from everybody else. Throws RIGHTS_BEYOND_YOURS. */
export function requireSuperuser(call: Pick<Call, 'context'>): void {
  if (!isAboveAll(call)) throw accountErrors.RIGHTS_BEYOND_YOURS({ permission: 'superuser' });
}

function isAboveAll({ context: { principal } }: Pick<Call, 'context'>): boolean {
  return principal.kind === 'service' || (principal.kind === 'user' && principal.superuser);
}
