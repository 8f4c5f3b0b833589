import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { auth } from '@postern/proto';
import { type Guarding, overrides } from '@postern/resource';
import { asService, type Client, type Context } from '@postern/rpc';
import { type Administrators, findAdministrators, takeTurn } from './administrators.repository.ts';

/** What the guard asks: the login service walks through its flow. */
export type AdministratorGuardDeps = {
  readonly signIn: Pick<Client<auth.SignInGuardServiceDefinition>, 'checkSignIn'>;
};

/**
 * Creates the guard: a change after which no administrator could sign in is taken back, unless the caller insists, or nobody could before. It
 * costs two look-ups, and a walk through the flow where the administrators or their groups are other than before.
 */
export function createAdministratorGuard({ signIn }: AdministratorGuardDeps): Guarding {
  async function check(administrators: Administrators, { tenant }: Context): Promise<auth.CheckSignInResponse> {
    try {
      return await signIn.checkSignIn({ administrators }, asService(tenant));
    } catch (error) {
      // A login service of the release before cannot be asked.
      if (common.UNIMPLEMENTED.is(error)) return { possible: true, problem: '' };
      throw error;
    }
  }

  async function requireAccess(em: EntityManager, before: Administrators, context: Context): Promise<void> {
    if (isDeepStrictEqual(await findAdministrators(em), before)) return;
    await takeTurn(em);
    const after = await check(await findAdministrators(em), context);
    if (after.possible || !(await check(before, context)).possible) return;
    throw lockedOut(after.problem);
  }

  return async (em, context, work) => {
    if (overrides('lockout', context)) return work();
    const before = await findAdministrators(em);
    const result = await work();
    await em.flush();
    await requireAccess(em, before, context);
    return result;
  };
}

/** The refusal, with what would be in the way. */
function lockedOut(problem: string) {
  const description = `No administrator could sign in after this change: ${problem} With ?override=lockout it is done all the same.`;
  return invalidField('', description, 'ADMINISTRATORS_LOCKED_OUT');
}
