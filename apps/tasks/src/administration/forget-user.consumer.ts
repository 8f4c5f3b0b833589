import type { EntityManager } from '@postern/database';
import { createJobs, job } from '@postern/jobs';
import { type ConsumerOptions, defineEvent, type Outbox, on } from '@postern/messaging';
import { directory } from '@postern/proto';
import { FORGET_USER } from './forget-user.command.ts';

/** What the consumer needs. */
export type UserDeletionDeps = { readonly outbox: Outbox; readonly clock: { now(): Date } };

const USER_DELETED = defineEvent('directory.v1.user.deleted', directory.UserDeleted);

/** What a user did just before becomes an event at last: the log is given this long to hear of it, in milliseconds. */
const SETTLED_MS = 60_000;

/** Asks for the events of a deleted user to be looked after. */
export function whenUserDeleted({ outbox, clock }: UserDeletionDeps): ConsumerOptions<EntityManager> {
  const jobs = createJobs({ outbox });
  return {
    durable: 'tasks_forget_users',
    handlers: [
      on(USER_DELETED, async ({ payload: { user }, tenant }, em: EntityManager) => {
        if (!user) return;
        const startAfter = new Date(clock.now().getTime() + SETTLED_MS);
        const options = { startAfter, uniqueKey: String(user.pk) };
        await jobs.enqueue(em, { tenant }, job(FORGET_USER, { user: user.pk }, options));
      }),
    ],
  };
}
