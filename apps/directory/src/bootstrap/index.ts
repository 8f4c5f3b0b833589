/**
 * What a tenant starts with besides what blueprints make: a group of superusers and its first member, `akadmin`. They are given once: what
 * an administrator changes or deletes stays so. The fact that `akadmin` exists makes `auth` give it the bootstrap password and token.
 */

import { DEFAULT_TENANT, type EntityManager, seedId } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { addGroup, findGroupsByName, groupCreated } from '../groups/index.ts';
import { addUsersTo, groupFactsOf, membersChanged } from '../memberships/index.ts';
import { addUser, userCreated } from '../users/index.ts';

export { BOOTSTRAP_MIGRATIONS } from './bootstrap.migrations.ts';

/** What giving needs. */
export type BootstrapDeps = {
  readonly outbox: Outbox;
  /** E-mail address of `akadmin` of the default tenant. */
  readonly email: string;
};

const GROUP = 'authentik Admins';
const USER = 'akadmin';
const NOBODYS_EMAIL = 'root@example.com';

/** Key, in events and protocols, of the first administrator of a tenant. */
export function bootstrapUuid(tenant: string): string {
  return seedId(tenant, 'authentik_core.user', USER);
}

/** Creates what gives a tenant what it starts with. */
export function createBootstrap({ outbox, email }: BootstrapDeps) {
  async function giveAdmins(tenant: string, em: EntityManager): Promise<void> {
    // A blueprint that wants the group may have come first.
    const [known] = await findGroupsByName(em, GROUP);
    const pk = known ?? seedId(tenant, 'authentik_core.group', GROUP);
    if (known === undefined) await addGroup(em, { pk, name: GROUP, isSuperuser: true });
    const user = await addUser(em, {
      uuid: bootstrapUuid(tenant),
      username: USER,
      name: 'Default Admin',
      email: tenant === DEFAULT_TENANT ? email : NOBODYS_EMAIL,
    });
    await addUsersTo(em, pk, [user.pk]);
    const facts = (await groupFactsOf(em, [pk]))(pk);
    await outbox.record(em, { tenant }, [
      ...(known === undefined ? [groupCreated(facts)] : []),
      userCreated(user),
      ...membersChanged(facts, [user.pk], []),
    ]);
  }

  return async (tenant: string, em: EntityManager): Promise<void> => {
    if (await isNew(em, 'admins')) await giveAdmins(tenant, em);
  };
}

async function isNew(em: EntityManager, what: string): Promise<boolean> {
  const sql = 'insert into given (what) values (?) on conflict do nothing returning 1';
  return (await em.execute<unknown[]>(sql, [what])).length > 0;
}
