import type { Database } from '@postern/database';
import { invalidField } from '@postern/errors';
import { directory } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import { visibleTo } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { findGroups } from '../memberships/index.ts';
import type { CountUserEvents } from './metrics.operations.ts';
import type { SetPassword } from './password.operations.ts';
import type { ShowSelf } from './self.operations.ts';
import type { CreateServiceAccount } from './service-account.operations.ts';
import { User } from './user.entity.ts';
import type { UserOperations } from './user.operations.ts';
import { getUser, only, pageOfUsers, pathsOfUsers } from './user.repository.ts';
import { USER_MODEL } from './user.resource.ts';
import type { ShowUsers } from './user.view.ts';

/** What the service of users is put together from. */
export type UserRpcDeps = {
  readonly db: Database;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
  readonly show: ShowUsers;
  readonly operations: UserOperations;
  readonly createServiceAccount: CreateServiceAccount;
  readonly showSelf: ShowSelf;
  readonly setPassword: SetPassword;
  readonly countEvents: CountUserEvents;
};

/** The people and programs of a tenant. */
export function bindUsers(deps: UserRpcDeps): BoundService {
  const { db, neighbours, show, operations } = deps;
  return bind(directory.UserServiceDefinition, {
    listUsers: (request, call) =>
      db.read(call.context, async (em) => {
        const { named, missing } = await findGroups(em, request.groups_by_name, request.groups_by_pk);
        if (missing[0]) throw noSuchChoice(missing[0].parameter, missing[0].value);
        const wanted = { ...request, groups_by_name: named };
        const { pagination, results } = await pageOfUsers(em, wanted, visibleTo(call, em, User));
        return { pagination, results: await show(em, results) };
      }),

    getUser: ({ id }, { context }) =>
      db.read(context, async (em) => {
        const row = await getUser(em, id);
        return only(await show(em, [row]));
      }),

    createUser: ({ user }, call) => operations.create(user, call),
    updateUser: ({ id, user, update_mask }, call) => operations.update(id, user, update_mask, call),
    deleteUser: ({ id }, call) => operations.remove(id, call),

    async listUserUsedBy({ id }, call) {
      await db.read(call.context, (em) => getUser(em, id));
      return { items: await neighbours.usedBy(USER_MODEL, id, call) };
    },

    listUserPaths: ({ search }, call) =>
      db.read(call.context, async (em) => ({ paths: await pathsOfUsers(em, search, visibleTo(call, em, User)) })),

    getMe: (_request, call) => deps.showSelf(call),
    createServiceAccount: (request, call) => deps.createServiceAccount(request, call),
    setPassword: (request, call) => deps.setPassword(request, call),
    getUserMetrics: ({ id }, call) => deps.countEvents(id, call),
  });
}

function noSuchChoice(parameter: string, value: string) {
  return invalidField(parameter, `Select a valid choice. ${value} is not one of the available choices.`);
}
