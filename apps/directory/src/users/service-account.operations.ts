import { type Database, type EntityManager, onConstraint } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { JsonObject } from '../attributes/index.ts';
import {
  addUsersTo,
  groupFactsOf,
  mayCall,
  membersChanged,
  requirePermission,
  requireThemselves,
} from '../memberships/index.ts';
import type { Credentials } from './credentials.client.ts';
import type { UidOf } from './uid.ts';
import type { UserEntity } from './user.entity.ts';
import { userErrors } from './user.errors.ts';
import { userCreated, userFacts } from './user.events.ts';
import { addUser, type NewUser } from './user.repository.ts';

/** What accounts of programs need. */
export type ServiceAccountDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly credentials: Pick<Credentials, 'createToken'>;
  readonly groups: GroupMaker;
  readonly uidOf: UidOf;
  readonly clock: { now(): Date };
};

/** Creates a plain group with its fact, in the caller's transaction; answers its key. */
export type GroupMaker = (em: EntityManager, name: string, call: Call) => Promise<string>;

/** Creates the account of a program, perhaps with a group of its own, and a token to sign in with: all of it or nothing. */
export type CreateServiceAccount = (account: NewServiceAccount, call: Call) => Promise<ServiceAccount>;

/** The account of a program to create. */
export type NewServiceAccount = {
  readonly name: string;
  readonly create_group: boolean;
  readonly expiring: boolean;
  readonly expires?: string | undefined;
};

/** The account of a program, with the secret that nobody shows again. */
export type ServiceAccount = {
  readonly username: string;
  readonly token: string;
  readonly user_uid: string;
  readonly user_pk: number;
  readonly group_pk: string | undefined;
};

const PATH = 'goauthentik.io/service-accounts';
const TOKEN_EXPIRES = 'goauthentik.io/user/token-expires';

/** Creates the operation. Throws PERMISSION_DENIED without `authentik_core.add_token`, and field errors. */
export function createServiceAccounts(deps: ServiceAccountDeps): CreateServiceAccount {
  const { db, outbox, credentials, groups, uidOf, clock } = deps;

  async function createUser(em: EntityManager, name: string, isExpiring: boolean): Promise<UserEntity> {
    const attributes: JsonObject = { [TOKEN_EXPIRES]: isExpiring };
    const account: NewUser = { username: name, name, type: 'service_account', path: PATH, attributes };
    const taken = { user_account__username: userErrors.SERVICE_ACCOUNT_NAME_TAKEN };
    return addUser(em, account).catch(onConstraint(taken));
  }

  async function createGroup(em: EntityManager, name: string, user: number, call: Call): Promise<string> {
    const group = await groups(em, name.slice(0, 80), call);
    await addUsersTo(em, group, [user]);
    const factsOf = await groupFactsOf(em, [group]);
    await outbox.record(em, eventContext(call), membersChanged(factsOf(group), [user], []));
    return group;
  }

  return async ({ name: given, create_group, expiring, expires }, call) => {
    requireThemselves(call);
    requirePermission('authentik_core.add_token', call);
    if (expires !== undefined && new Date(expires) <= clock.now()) throw userErrors.SERVICE_ACCOUNT_EXPIRED();
    const name = given.trim();
    requireUsername(name);
    return db.write(call.context, async (em) => {
      const user = await createUser(em, name, expiring);
      await outbox.record(em, eventContext(call), userCreated(user));
      const wantsGroup = create_group && mayCall('authentik_core.add_group', call);
      const group = wantsGroup ? await createGroup(em, name, user.pk, call) : undefined;
      // Last, so that nothing of ours can fail once the token exists; when this fails, nothing exists.
      // Names in other letters than Latin ones leave nothing: each of them would want the same identifier.
      const identifier = `service-account-${slugOf(name) || user.pk}-password`;
      const key = await credentials.createToken({ user: userFacts(user), identifier, expires, expiring }, call);
      return { username: name, token: key, user_uid: uidOf(user.pk), user_pk: user.pk, group_pk: group };
    });
  };
}

const LONGEST = 150;

function requireUsername(name: string): void {
  if (name === '') throw invalidField('name', 'This field may not be blank.', 'INVALID');
  if (name.length <= LONGEST) return;
  throw invalidField('name', `Ensure this field has no more than ${LONGEST} characters.`, 'string.max_len');
}

/** Letters, digits, hyphens and underscores of a name, in lower case; what separates words becomes a hyphen. */
function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .toLowerCase();
  return plain.replaceAll(/[-\s]+/g, '-').replaceAll(/^[-_]+|[-_]+$/g, '');
}
