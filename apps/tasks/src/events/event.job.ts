import { defineJob, handles, type JobHandler } from '@postern/jobs';
import { forgetExpired, type RetentionDeps } from './event.retention.ts';

/** Forgets events whose time is over, and makes room for the months to come. */
export const cleanUpEvents = defineJob({ name: 'tasks.clean_up_events', deadlineMs: 600_000 });

/** Every five minutes; shown with the clean-up of other services as one task. */
export function eventCleanUp(deps: RetentionDeps): JobHandler {
  return handles(
    cleanUpEvents,
    async (_args, { signal }) => ({ messages: [`Expired ${await forgetExpired(deps, signal)} Events`] }),
    { description: 'Remove expired objects', schedule: { cron: '2-59/5 * * * *' }, task: 'clean_expired_models' },
  );
}
