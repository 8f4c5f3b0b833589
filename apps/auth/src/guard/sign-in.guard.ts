import type { Database, EntityManager } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { directory } from '@postern/proto';
import { type Guarding, overrides } from '@postern/resource';
import { asService, type Client } from '@postern/rpc';
import type { SignInWalk } from './sign-in.walk.ts';

/** What the guard needs. */
export type SignInGuardDeps = {
  readonly database: Pick<Database, 'read'>;
  readonly administrators: Pick<Client<directory.AdministratorServiceDefinition>, 'describeAdministrators'>;
  readonly walk: SignInWalk;
};

/**
 * Creates the guard: a change of flows, stages, policies and their bindings after which no administrator could sign in is taken back, unless the
 * caller insists, or nobody could before. The walk happens in the transaction of the change, on what it would leave.
 */
export function createSignInGuard({ database, administrators, walk }: SignInGuardDeps): Guarding {
  async function describe(tenant: string): Promise<directory.Administrators | undefined> {
    try {
      return await administrators.describeAdministrators({}, asService(tenant));
    } catch (error) {
      // A directory of the release before cannot be asked.
      if (common.UNIMPLEMENTED.is(error)) return undefined;
      throw error;
    }
  }

  return async (em, context, work) => {
    const result = await work();
    if (overrides('lockout', context)) return result;
    await em.flush();
    await takeTurn(em);
    const { tenant } = context;
    const known = await describe(tenant);
    if (known === undefined) return result;
    const after = await walk(em, tenant, known);
    if (after.possible) return result;
    const before = await database.read({ tenant }, (committed) => walk(committed, tenant, known));
    if (before.possible) throw lockedOut(after.problem);
    return result;
  };
}

/** Lets one change after the other be looked at: two that each take one of two ways away must not both pass. */
async function takeTurn(em: EntityManager): Promise<void> {
  await em.execute(
    `select pg_advisory_xact_lock(hashtext('sign-in-guard'), hashtext(current_setting('postern.tenant')))`,
  );
}

/** The refusal, with what would be in the way. */
function lockedOut(problem: string) {
  const description = `No administrator could sign in after this change: ${problem} With ?override=lockout it is done all the same.`;
  return invalidField('', description, 'ADMINISTRATORS_LOCKED_OUT');
}
