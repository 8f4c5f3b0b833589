import { isDeepStrictEqual } from 'node:util';
import {
  type Allowed,
  applyMask,
  type Constraints,
  type Database,
  type EntityManager,
  onConstraint,
} from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { eventContext, type Neighbours } from '@postern/resource';
import type { Call } from '@postern/rpc';
import {
  addUsersTo,
  type Change,
  groupFactsOf,
  isAncestor,
  membersChanged,
  requireRightsOf,
  rightsOfGroups,
  setUsersOf,
} from '../memberships/index.ts';
import type { GroupMessage } from './group.codec.ts';
import type { GroupEntity } from './group.entity.ts';
import { groupErrors } from './group.errors.ts';
import { groupCreated, groupDeleted, groupUpdated } from './group.events.ts';
import { addGroup, addRolesTo, lockGroup, lockTree, setRolesOf } from './group.repository.ts';
import type { ShowGroup } from './group.view.ts';

/** What changing groups needs. */
export type GroupOperationsDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly neighbours: Pick<Neighbours, 'require'>;
  /** What is answered about a group that was made or changed. */
  readonly show: ShowGroup;
};

/**
 * Changes of groups: each one transaction, with its facts. A caller must have what the group gives, before the change and after: else a
 * permission to change groups would be a permission to do anything.
 */
export type GroupOperations = {
  /** Throws field errors, GROUP_NAME_TAKEN, SUPERUSER_REQUIRED, RIGHTS_EXCEEDED. */
  create(group: GroupMessage | undefined, call: Call): Promise<GroupMessage>;
  /** Changes the fields that the mask names, all without one. Throws NOT_FOUND, GROUP_CYCLE, and what `create` throws. */
  update(
    pk: string,
    group: GroupMessage | undefined,
    mask: readonly string[] | undefined,
    call: Call,
  ): Promise<GroupMessage>;
  /** Throws NOT_FOUND, SUPERUSER_REQUIRED, RIGHTS_EXCEEDED. */
  remove(pk: string, call: Call): Promise<Record<never, never>>;
};

const MESSAGE = 'postern.directory.v1.Group';

/** Fields that a caller may set, besides members and roles, which are rows of their own. */
const FIELDS: Allowed<GroupEntity, GroupMessage> = {
  name: 'name',
  is_superuser: 'isSuperuser',
  attributes: (group, value) => {
    group.attributes = value ?? {};
  },
};

const CONSTRAINTS: Constraints = {
  user_group__name_parent: groupErrors.GROUP_NAME_TAKEN,
  user_group__not_own_parent: groupErrors.GROUP_OWN_PARENT,
  user_group__parent_pk_fkey: () => gone('parent'),
  membership__user_pk_fkey: () => gone('users'),
  group_role__role_pk_fkey: () => gone('roles'),
};

/** Creates the operations. */
export function createGroupOperations({ db, outbox, neighbours, show }: GroupOperationsDeps): GroupOperations {
  /** Applies a message to a stored group and answers which fields changed, and who came and went. */
  async function apply(em: EntityManager, group: GroupEntity, message: GroupMessage, mask: Mask, call: Call) {
    const before = { name: group.name, is_superuser: group.isSuperuser, attributes: group.attributes };
    const touches = (field: keyof GroupMessage) => mask?.includes(field) ?? true;
    applyMask(group, message, mask, FIELDS);
    await em.flush();
    const moved = touches('parent') && (await moveTo(em, group.pk, message.parent ?? null, call.context.tenant));
    const members = touches('users') ? await setUsersOf(em, group.pk, message.users) : NOBODY;
    const roles = touches('roles') && (await setRolesOf(em, group.pk, message.roles));
    const after = { name: group.name, is_superuser: group.isSuperuser, attributes: group.attributes };
    const plain = Object.keys(before).filter(
      (field) => !isDeepStrictEqual(Reflect.get(before, field), Reflect.get(after, field)),
    );
    const joinedOrLeft = members.joined.length + members.left.length > 0;
    const others = { parent: moved, users: joinedOrLeft, roles };
    const rest = Object.entries(others).flatMap(([field, isChanged]) => (isChanged ? [field] : []));
    return { changed: [...plain, ...rest], members };
  }

  /** Fills a group that was made just now, as the message says; answers who belongs to it. */
  async function fill(em: EntityManager, group: GroupEntity, message: GroupMessage): Promise<number[]> {
    applyMask(group, message, undefined, FIELDS);
    await em.flush();
    // Nothing is below it: it closes no circle, and needs no turn.
    if (message.parent) await place(em, group.pk, message.parent);
    const members = await addUsersTo(em, group.pk, message.users);
    await addRolesTo(em, group.pk, message.roles);
    return members;
  }

  const guard = (em: EntityManager, pk: string, call: Call) => requireRightsOf(() => rightsOfGroups(em, [pk]), call);

  return {
    async create(given, call) {
      const message = named(required(given));
      await neighbours.require(MESSAGE, message, undefined, call);
      return db.write(call.context, async (em) => {
        const group = await addGroup(em, { name: message.name });
        const joined = await fill(em, group, message).catch(onConstraint(CONSTRAINTS));
        await guard(em, group.pk, call);
        const facts = (await groupFactsOf(em, [group.pk]))(group.pk);
        await outbox.record(em, eventContext(call), [groupCreated(facts), ...membersChanged(facts, joined, [])]);
        return show(em, group.pk);
      });
    },

    async update(pk, given, mask, call) {
      const message = named(required(given), mask);
      await neighbours.require(MESSAGE, message, mask, call);
      return db.write(call.context, async (em) => {
        const group = await lockGroup(em, pk);
        await guard(em, group.pk, call);
        const { changed, members } = await apply(em, group, message, mask, call).catch(onConstraint(CONSTRAINTS));
        await guard(em, group.pk, call);
        const facts = (await groupFactsOf(em, [group.pk]))(group.pk);
        await outbox.record(em, eventContext(call), [
          groupUpdated(facts, changed),
          ...membersChanged(facts, members.joined, members.left),
        ]);
        return show(em, group.pk);
      });
    },

    remove: (pk, call) =>
      db.write(call.context, async (em) => {
        const group = await lockGroup(em, pk);
        await guard(em, group.pk, call);
        const facts = (await groupFactsOf(em, [group.pk]))(group.pk);
        const { left } = await setUsersOf(em, group.pk, []);
        await outbox.record(em, eventContext(call), [...membersChanged(facts, [], left), groupDeleted(facts)]);
        em.remove(group);
        await em.flush();
        return {};
      }),
  };
}

type Mask = readonly string[] | undefined;

const NOBODY: Change<number> = { joined: [], left: [] };

/** Moves a group below another, or to the top; answers whether it was elsewhere. Throws GROUP_OWN_PARENT, GROUP_CYCLE. */
async function moveTo(em: EntityManager, pk: string, parent: string | null, tenant: string): Promise<boolean> {
  if (parent !== null) {
    if (parent.toLowerCase() === pk) throw groupErrors.GROUP_OWN_PARENT();
    await lockTree(em, tenant);
    if (await isAncestor(em, pk, parent)) throw groupErrors.GROUP_CYCLE();
  }
  return place(em, pk, parent);
}

/** Puts a group below another, or at the top, wherever that leads; answers whether it was elsewhere. */
async function place(em: EntityManager, pk: string, parent: string | null): Promise<boolean> {
  const sql = 'update user_group set parent_pk = ? where pk = ? and parent_pk is distinct from ?::uuid returning 1';
  return (await em.execute<unknown[]>(sql, [parent, pk, parent])).length > 0;
}

function gone(field: string) {
  return invalidField(field, 'An object was deleted meanwhile.', 'REFERENCE_NOT_FOUND');
}

/** The same group without the space around its name. Throws a field error for a name of nothing else. */
function named(group: GroupMessage, mask?: Mask): GroupMessage {
  const name = group.name.trim();
  if (name === '' && (mask?.includes('name') ?? true)) {
    throw invalidField('name', 'This field may not be blank.', 'INVALID');
  }
  return { ...group, name };
}

function required<Message>(message: Message | undefined): Message {
  if (message === undefined) throw common.INVALID_ARGUMENT();
  return message;
}
