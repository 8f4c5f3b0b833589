import { type Database, listPage, onConstraint, referable } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { eventContext, holdsOn, type Neighbours, visibleTo } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import {
  addUsersTo,
  groupFactsOf,
  membersChanged,
  removeUserFrom,
  requirePermission,
  requireRights,
  rightsOfGroups,
} from '../memberships/index.ts';
import { getUser } from '../users/index.ts';
import { Group } from './group.entity.ts';
import { groupList } from './group.list.ts';
import type { GroupOperations } from './group.operations.ts';
import { getGroup, lockGroup } from './group.repository.ts';
import type { ShowGroups } from './group.view.ts';

const MODEL = 'authentik_core.group';

/** Groups, as others refer to them. */
export const groupReferable = referable({
  model: MODEL,
  type: 'postern.directory.v1.Group',
  entity: Group,
  title: ({ name }) => name,
});

/** What the service of groups is put together from. */
export type GroupRpcDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
  readonly show: ShowGroups;
  readonly operations: GroupOperations;
};

/** Sets of users. */
export function bindGroups({ db, outbox, neighbours, show, operations }: GroupRpcDeps): BoundService {
  /** Changes the membership of one user, if there is something to change. */
  async function changeMember(pk: string, user: number, isJoining: boolean, call: Call): Promise<Record<never, never>> {
    // The contract counts both actions as adding to groups, and hides users whom the caller may not see.
    requirePermission('authentik_core.add_group', call);
    return db.write(call.context, async (em) => {
      const group = await lockGroup(em, pk);
      if (!(await holdsOn(call, em, 'authentik_core.view_user', user))) throw common.NOT_FOUND();
      await getUser(em, user);
      requireRights(await rightsOfGroups(em, [group.pk]), call);
      const gone = { membership__user_pk_fkey: () => common.NOT_FOUND() };
      const joined = isJoining ? await addUsersTo(em, group.pk, [user]).catch(onConstraint(gone)) : [];
      const left = !isJoining && (await removeUserFrom(em, group.pk, user)) ? [user] : [];
      const facts = (await groupFactsOf(em, [group.pk]))(group.pk);
      await outbox.record(em, eventContext(call), membersChanged(facts, joined, left));
      return {};
    });
  }

  return bind(directory.GroupServiceDefinition, {
    listGroups: (request, call) =>
      db.read(call.context, async (em) => {
        const { pagination, results } = await listPage(em, groupList, request, { where: visibleTo(call, em, Group) });
        return { pagination, results: await show(em, results) };
      }),

    getGroup: ({ group_uuid }, { context }) =>
      db.read(context, async (em) => {
        const [group] = await show(em, [await getGroup(em, group_uuid)]);
        if (!group) throw common.NOT_FOUND();
        return group;
      }),

    createGroup: ({ group }, call) => operations.create(group, call),
    updateGroup: ({ group_uuid, group, update_mask }, call) => operations.update(group_uuid, group, update_mask, call),
    deleteGroup: ({ group_uuid }, call) => operations.remove(group_uuid, call),

    async listGroupUsedBy({ group_uuid }, call) {
      const { pk } = await db.read(call.context, (em) => getGroup(em, group_uuid));
      return { items: await neighbours.usedBy(MODEL, pk, call) };
    },

    addUser: ({ group_uuid, pk }, call) => changeMember(group_uuid, pk, true, call),
    removeUser: ({ group_uuid, pk }, call) => changeMember(group_uuid, pk, false, call),
  });
}
