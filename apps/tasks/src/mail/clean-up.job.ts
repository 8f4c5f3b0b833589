import { type Database, sweepExpired } from '@postern/database';
import { defineJob, handles, type JobHandler } from '@postern/jobs';
import { removeOutgoingBefore } from './mail.repository.ts';

const KEPT_MS = 7 * 24 * 3_600_000;

const cleanUpMail = defineJob({ name: 'tasks.clean_up_mail', deadlineMs: 600_000 });

type Deps = { db: Pick<Database, 'system' | 'write'>; clock: { now(): Date } };

/** Forgets, once a day, mails that could not be sent for a week: they may hold links. */
export function cleanUpMailJob({ db, clock }: Deps): JobHandler {
  return handles(
    cleanUpMail,
    async (_args, { signal }) => {
      const before = new Date(clock.now().getTime() - KEPT_MS);
      const count = await sweepExpired({ db, table: 'outgoing_mail', before, clean: removeOutgoingBefore, signal });
      return { messages: [`Forgot ${count} mails that could not be sent`] };
    },
    { description: 'Forget mails that could not be sent for a week', schedule: { cron: '17 4 * * *' } },
  );
}
