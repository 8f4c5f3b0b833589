import { type Database, sweepExpired } from '@postern/database';
import { defineJob, handles, type JobHandler } from '@postern/jobs';
import { deleteStale } from './notification.repository.ts';

/** Deletes notifications that nobody needs any more. */
export const cleanUpNotifications = defineJob({ name: 'tasks.clean_up_notifications', deadlineMs: 600_000 });

type Deps = { db: Pick<Database, 'system' | 'write'>; clock: { now(): Date } };

/** Every eight hours: what was seen goes, and what is about an event that is gone. */
export function cleanUpJob({ db, clock }: Deps): JobHandler {
  return handles(
    cleanUpNotifications,
    async (_args, { signal }) => {
      const count = await sweepExpired({ db, table: 'notification', before: clock.now(), clean: deleteStale, signal });
      return { messages: [`Expired ${count} Notifications`] };
    },
    {
      description: 'Cleanup seen notifications and notifications whose event expired.',
      schedule: { cron: '38 */8 * * *' },
      task: 'notification_cleanup',
    },
  );
}
