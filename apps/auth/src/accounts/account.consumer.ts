import type { EntityManager } from '@postern/database';
import { type ConsumerOptions, defineEvent, type EventContext, on, type ReceivedEvent } from '@postern/messaging';
import { directory } from '@postern/proto';
import { type AccountFacts, accountsIn } from './account.repository.ts';

const USER_CREATED = defineEvent('directory.v1.user.created', directory.UserCreated);
const USER_UPDATED = defineEvent('directory.v1.user.updated', directory.UserUpdated);
const USER_DELETED = defineEvent('directory.v1.user.deleted', directory.UserDeleted);

/** What following the directory needs. */
export type AccountConsumerDeps = {
  /** Gives a new user what only the installation can give: the bootstrap credentials. */
  readonly onCreated: (em: EntityManager, user: AccountFacts, context: UserContext) => Promise<void>;
  /** Ends what a user has open, because they may not be signed in any more. */
  readonly onShutOut: (em: EntityManager, user: AccountFacts, context: UserContext) => Promise<void>;
  /** Lets go of a user who is gone, wherever a row names them without hanging off the account. */
  readonly onDeleted: (em: EntityManager, user: AccountFacts, context: UserContext) => Promise<void>;
};

/** Tenant of a user and where the fact about them came from. */
export type UserContext = EventContext & { readonly tenant: string };

/** Keeps accounts in step with the users of the directory; sessions end with the right to have them. */
export function followUsers({ onCreated, onShutOut, onDeleted }: AccountConsumerDeps): ConsumerOptions<EntityManager> {
  return {
    durable: 'auth_accounts',
    handlers: [
      on(USER_CREATED, async (event, em: EntityManager) => {
        const user = required(event);
        await accountsIn(em).keep(user);
        await onCreated(em, user, contextOf(event));
      }),
      on(USER_UPDATED, async (event, em: EntityManager) => {
        const user = required(event);
        await accountsIn(em).keep(user);
        if (!user.is_active) await onShutOut(em, user, contextOf(event));
      }),
      on(USER_DELETED, async (event, em: EntityManager) => {
        const user = required(event);
        await onShutOut(em, user, contextOf(event));
        await onDeleted(em, user, contextOf(event));
        await accountsIn(em).remove(user.pk);
      }),
    ],
  };
}

type UserEvent = ReceivedEvent<{ user: directory.UserFacts | undefined }>;

function required({ subject, payload }: UserEvent): directory.UserFacts {
  if (payload.user === undefined) throw new TypeError(`${subject} names no user`);
  return payload.user;
}

function contextOf({ tenant, actor, client, request_id }: UserEvent): UserContext {
  return { tenant, actor, client, requestId: request_id };
}
