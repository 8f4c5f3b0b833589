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
import type { Fact, Outbox } from '@postern/messaging';
import { eventContext, type Neighbours } from '@postern/resource';
import type { Call } from '@postern/rpc';
import {
  addGroupsTo,
  type Change,
  groupFactsOf,
  membersChanged,
  requireRightsOf,
  rightsOfGroups,
  rightsOfUser,
  setGroupsOf,
} from '../memberships/index.ts';
import type { UserMessage } from './user.codec.ts';
import type { UserEntity, UserType } from './user.entity.ts';
import { userErrors } from './user.errors.ts';
import { userCreated, userDeleted, userUpdated } from './user.events.ts';
import { addUser, lockUser, type NewUser } from './user.repository.ts';
import { requireChangeable, requireCreatable, trimmed } from './user.rules.ts';
import type { ShowUser } from './user.view.ts';

/** What changing users needs. */
export type UserOperationsDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly neighbours: Pick<Neighbours, 'require'>;
  /** What is answered about a user who was made or changed. */
  readonly show: ShowUser;
};

/** Changes of users: each one transaction, with its facts. */
export type UserOperations = {
  /** Throws field errors, SUPERUSER_REQUIRED, RIGHTS_EXCEEDED. */
  create(user: UserMessage | undefined, call: Call): Promise<UserMessage>;
  /** Changes the fields that the mask names, all without one. Throws NOT_FOUND, field errors, SUPERUSER_REQUIRED, RIGHTS_EXCEEDED. */
  update(
    pk: number,
    user: UserMessage | undefined,
    mask: readonly string[] | undefined,
    call: Call,
  ): Promise<UserMessage>;
  /** Throws NOT_FOUND, SUPERUSER_REQUIRED, RIGHTS_EXCEEDED. */
  remove(pk: number, call: Call): Promise<Record<never, never>>;
};

const MESSAGE = 'postern.directory.v1.User';

/** Fields that a caller may set, besides the groups, which are rows of their own. */
const FIELDS: Allowed<NewUser, UserMessage> = {
  username: 'username',
  name: 'name',
  is_active: 'isActive',
  last_login: (user, value) => {
    user.lastLogin = value ? new Date(value) : null;
  },
  email: 'email',
  attributes: (user, value) => {
    user.attributes = value ?? {};
  },
  path: 'path',
  type: (user, value) => {
    user.type = value as UserType;
  },
};

/** Which error a violated constraint means. */
export const USER_CONSTRAINTS: Constraints = { user_account__username: userErrors.USERNAME_TAKEN };

const GONE = () => invalidField('groups', 'A group was deleted meanwhile.', 'REFERENCE_NOT_FOUND');

/** Creates the operations. */
export function createUserOperations({ db, outbox, neighbours, show }: UserOperationsDeps): UserOperations {
  async function join(em: EntityManager, changing: Promise<Change<string>>, call: Call): Promise<Change<string>> {
    const change = await changing.catch(onConstraint({ membership__group_pk_fkey: GONE }));
    await requireRightsOf(() => rightsOfGroups(em, [...change.joined, ...change.left]), call);
    return change;
  }

  // Nobody belongs to anything before they exist.
  const firstGroups = async (em: EntityManager, pk: number, groups: readonly string[]): Promise<Change<string>> => ({
    joined: await addGroupsTo(em, pk, groups),
    left: [],
  });

  return {
    async create(given, call) {
      const message = trimmed(required(given));
      requireCreatable(message, call);
      await neighbours.require(MESSAGE, message, undefined, call);
      return db.write(call.context, async (em) => {
        const values: NewUser = {};
        applyMask(values, message, undefined, FIELDS);
        const user = await addUser(em, values).catch(onConstraint(USER_CONSTRAINTS));
        const change = await join(em, firstGroups(em, user.pk, message.groups), call);
        const facts = [userCreated(user), ...(await memberFacts(em, user.pk, change))];
        await outbox.record(em, eventContext(call), facts);
        return show(em, user.pk);
      });
    },

    async update(pk, given, mask, call) {
      const message = trimmed(required(given));
      await neighbours.require(MESSAGE, message, mask, call);
      return db.write(call.context, async (em) => {
        const user = await lockUser(em, pk);
        requireChangeable(user, message, mask, call);
        await requireRightsOf(() => rightsOfUser(em, pk), call);
        const before = { ...user };
        applyMask(user, message, mask, FIELDS);
        await em.flush().catch(onConstraint(USER_CONSTRAINTS));
        const groups = (mask?.includes('groups') ?? true) ? message.groups : undefined;
        const change = groups ? await join(em, setGroupsOf(em, pk, groups), call) : NO_CHANGE;
        const facts = [userUpdated(user, changedFields(before, user, change)), ...(await memberFacts(em, pk, change))];
        await outbox.record(em, eventContext(call), facts);
        return show(em, pk);
      });
    },

    remove: (pk, call) =>
      db.write(call.context, async (em) => {
        const user = await lockUser(em, pk);
        await requireRightsOf(() => rightsOfUser(em, pk), call);
        await outbox.record(em, eventContext(call), userDeleted(user));
        em.remove(user);
        await em.flush();
        return {};
      }),
  };
}

const NO_CHANGE: Change<string> = { joined: [], left: [] };

/** One fact for each group that the user joined or left. */
async function memberFacts(em: EntityManager, pk: number, { joined, left }: Change<string>): Promise<Fact[]> {
  const factsOf = await groupFactsOf(em, [...joined, ...left]);
  return [
    ...joined.flatMap((group) => membersChanged(factsOf(group), [pk], [])),
    ...left.flatMap((group) => membersChanged(factsOf(group), [], [pk])),
  ];
}

const PROPERTIES = {
  username: 'username',
  name: 'name',
  is_active: 'isActive',
  last_login: 'lastLogin',
  email: 'email',
  attributes: 'attributes',
  path: 'path',
  type: 'type',
} as const satisfies Partial<Record<keyof UserMessage, keyof UserEntity>>;

function changedFields(before: Partial<UserEntity>, after: UserEntity, { joined, left }: Change<string>): string[] {
  const plain = Object.entries(PROPERTIES).filter(([, name]) => !isDeepStrictEqual(before[name], after[name]));
  const groups = joined.length + left.length > 0 ? ['groups'] : [];
  return [...plain.map(([field]) => field), ...groups];
}

function required<Message>(message: Message | undefined): Message {
  if (message === undefined) throw common.INVALID_ARGUMENT();
  return message;
}
