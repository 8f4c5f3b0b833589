import { common } from '@postern/errors';
import { auth, directory } from '@postern/proto';
import { asService, type Origin } from '@postern/rpc';
import { type Blueprint, BlueprintError } from '../format/index.ts';
import type { ChangeSetDeps } from './change-set.client.ts';
import type { Session } from './session.ts';

/** Throws BlueprintError where no administrator could sign in after a change set, and one could before. */
export type SignInGuard = (
  session: Pick<Session, 'changeSet'>,
  blueprint: Pick<Blueprint, 'metadata'>,
) => Promise<void>;

/** Label by which a blueprint says that it knows what it does. */
const OVERRIDE = 'postern.io/override';
/** Services whose objects people sign in with. */
const CONCERNED: readonly string[] = ['auth', 'directory'];

/**
 * Creates the guard. It is asked once, when every entry is applied and nothing is committed: the directory tells, within the change set, who
 * would administer the tenant, and the login service, within the change set, whether they would get in. Neither can see what the other holds.
 */
export function createSignInGuard({ client }: Pick<ChangeSetDeps, 'client'>): SignInGuard {
  const people = client(directory.AdministratorServiceDefinition);
  const guard = client(auth.SignInGuardServiceDefinition);

  async function check(origins: { directory: Origin; auth: Origin }): Promise<auth.CheckSignInResponse> {
    try {
      const administrators = await people.describeAdministrators({}, origins.directory);
      return await guard.checkSignIn({ administrators }, origins.auth);
    } catch (error) {
      // A service of the release before cannot be asked.
      if (common.UNIMPLEMENTED.is(error)) return { possible: true, problem: '' };
      throw error;
    }
  }

  return async ({ changeSet }, { metadata }) => {
    if (metadata?.labels[OVERRIDE] === 'lockout' || !changeSet.apps.some((app) => CONCERNED.includes(app))) return;
    const after = await check({ directory: changeSet.reading('directory'), auth: changeSet.reading('auth') });
    if (after.possible) return;
    const outside = asService(changeSet.tenant);
    if (!(await check({ directory: outside, auth: outside })).possible) return;
    const way = `With the label \`${OVERRIDE}: lockout\` in its metadata it is applied all the same.`;
    throw new BlueprintError(`No administrator could sign in after this blueprint: ${after.problem} ${way}`);
  };
}
