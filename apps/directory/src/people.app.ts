/** Wiring of users, groups and roles: what the API changes of them, over whichever database it is given. */

import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { auth, tasks } from '@postern/proto';
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
};

/** Creates the services, given the database with its guard around what callers change, and the one without. */
export function createPeopleServices(deps: PeopleDeps) {
  const { client, clock, outbox, neighbours, settings, brands, uidOf, showUsers, showGroups } = deps;
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
        operations: groups.createGroupOperations({ ...plain, show: showGroups }),
      }),
      users.bindUsers({
        db,
        neighbours,
        show: showUsers,
        operations: users.createUserOperations({ ...plain, show: showUsers }),
        createServiceAccount: users.createServiceAccounts(program),
        showSelf: users.createShowSelf({ db, brands, settings, uidOf }),
        setPassword: users.createSetPassword({ db, credentials }),
        countEvents: users.createCountUserEvents({ db, countEvents }),
      }),
    ];
  };
}
