/** Wiring of users, groups and roles: what the API changes of them, over whichever database it is given. */

import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { auth, directory, tasks } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import type { BoundService } from '@postern/rpc';
import type { StoringDeps } from '@postern/service';
import type { Brands } from './brands/index.ts';
import * as groups from './groups/index.ts';
import * as permissions from './permissions/index.ts';
import * as roles from './roles/index.ts';
import type { Settings } from './settings/index.ts';
import * as users from './users/index.ts';

/** What they need. */
export type PeopleDeps = Pick<StoringDeps<object>, 'client' | 'clock'> & {
  readonly outbox: Outbox;
  readonly neighbours: Neighbours;
  readonly settings: Settings;
  readonly brands: Brands;
  readonly uidOf: users.UidOf;
  readonly showUsers: ReturnType<typeof users.createShowUsers>;
  readonly showGroups: ReturnType<typeof groups.createShowGroups>;
  /** What is answered about one who was made or changed. Default: all of them. */
  readonly showUser?: users.ShowUser;
  readonly showGroup?: groups.ShowGroup;
};

/** Creates the services, given the database with its guard around what callers change, and the one without. */
export function createPeopleServices(deps: PeopleDeps) {
  const { client, clock, outbox, neighbours, settings, brands, uidOf, showUsers, showGroups } = deps;
  const { showUser = users.createShowUser(showUsers), showGroup = groups.createShowGroup(showGroups) } = deps;
  const credentials = users.createCredentials(client(auth.CredentialServiceDefinition));
  const countEvents = users.createCountEvents(client(tasks.EventSeriesServiceDefinition));
  return (guarded: Database, db: Database): BoundService[] => {
    const plain = { db: guarded, outbox, neighbours };
    const program = { db, outbox, credentials, groups: groups.createGroupMaker({ outbox }), uidOf, clock };
    return [
      roles.bindRoles(plain),
      permissions.bindPermissionAssignments(plain),
      groups.bindGroups({
        ...plain,
        show: showGroups,
        operations: groups.createGroupOperations({ ...plain, show: showGroup }),
      }),
      users.bindUsers({
        db,
        neighbours,
        show: showUsers,
        operations: users.createUserOperations({ ...plain, show: showUser }),
        createServiceAccount: users.createServiceAccounts(program),
        showSelf: users.createShowSelf({ db, brands, settings, uidOf }),
        setPassword: users.createSetPassword({ db, credentials }),
        countEvents: users.createCountUserEvents({ db, countEvents }),
      }),
    ];
  };
}

/**
 * Creates the same for rows of files: whoever calls wants to know no more than the key of what was made, and has just looked up what a row names, in
 * the transaction in which it is written. Foreign keys watch over what is deleted meanwhile.
 */
export function createRowServices(deps: Omit<PeopleDeps, 'outbox'>) {
  const isKnown = { ...deps.neighbours, require: async () => undefined };
  const showUser: users.ShowUser = async (_em, pk) => directory.User.fromPartial({ pk });
  const showGroup: groups.ShowGroup = async (_em, pk) => directory.Group.fromPartial({ pk });
  return (db: Database, outbox: Outbox) =>
    createPeopleServices({ ...deps, outbox, neighbours: isKnown, showUser, showGroup })(db, db);
}
