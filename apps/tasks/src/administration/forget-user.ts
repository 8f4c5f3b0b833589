import type { Database, EntityManager } from '@postern/database';
import { createJobs, defineJob, handles, type JobHandler, job } from '@postern/jobs';
import { type ConsumerOptions, defineEvent, type Outbox, on } from '@postern/messaging';
import { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';

/** What forgetting users needs. */
export type ForgetUserDeps = {
  readonly db: Pick<Database, 'write'>;
  readonly outbox: Outbox;
  readonly settings: Pick<Client<typeof directory.TenantSettingsServiceDefinition>, 'readSettings'>;
  readonly clock: { now(): Date };
};

type ForgetUser = { readonly user: number };

const USER_DELETED = defineEvent('directory.v1.user.deleted', directory.UserDeleted);
const FORGET_USER = defineJob<ForgetUser>({ name: 'tasks.forget_user_events', deadlineMs: 600_000 });

/** What a user did just before becomes an event at last: the log is given this long to hear of it, in milliseconds. */
const SETTLED_MS = 60_000;
const BATCH = 1_000;
const DELETE = `delete from event where (pk, created) in
  (select pk, created from event where user_pk = ? limit ${BATCH}) returning 1`;

/** Asks for the events of a deleted user to be looked after. */
export function whenUserDeleted({
  outbox,
  clock,
}: Pick<ForgetUserDeps, 'outbox' | 'clock'>): ConsumerOptions<EntityManager> {
  const jobs = createJobs({ outbox });
  return {
    durable: 'tasks_forget_users',
    handlers: [
      on(USER_DELETED, async ({ payload: { user }, tenant }, em: EntityManager) => {
        if (!user) return;
        const startAfter = new Date(clock.now().getTime() + SETTLED_MS);
        await jobs.enqueue(
          em,
          { tenant },
          job(FORGET_USER, { user: user.pk }, { startAfter, uniqueKey: String(user.pk) }),
        );
      }),
    ],
  };
}

/** The job that deletes the events that a user caused, where the tenant's setting `gdpr_compliance` asks for it. */
export function forgetUserJob({ db, settings }: Pick<ForgetUserDeps, 'db' | 'settings'>): JobHandler {
  return handles(
    FORGET_USER,
    async ({ user }, { tenant, signal, progress }) => {
      const { gdpr_compliance } = await settings.readSettings({}, asService(tenant));
      if (!gdpr_compliance) return { messages: ['Events of deleted users are kept.'] };
      let count = 0;
      for (let batch = BATCH; batch === BATCH && !signal.aborted; ) {
        const gone = await db.write({ tenant }, (em) => em.execute<unknown[]>(DELETE, [String(user)]));
        batch = gone.length;
        count += batch;
        progress(count);
      }
      return { messages: [`Deleted ${count} Events`] };
    },
    { description: 'Delete the events that a deleted user caused' },
  );
}
