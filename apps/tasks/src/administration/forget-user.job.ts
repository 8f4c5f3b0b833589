import type { Database } from '@postern/database';
import { handles, type JobHandler } from '@postern/jobs';
import { FORGET_USER } from './forget-user.command.ts';
import type { WantsForgetting } from './tenant-settings.client.ts';
import { deleteEventsOf } from './user-event.repository.ts';

/** What forgetting users needs. */
export type ForgetUserDeps = { readonly db: Pick<Database, 'write'>; readonly wantsForgetting: WantsForgetting };

const BATCH = 1_000;

/** The job that deletes the events that a user caused, where the tenant's setting `gdpr_compliance` asks for it. */
export function forgetUserJob({ db, wantsForgetting }: ForgetUserDeps): JobHandler {
  return handles(
    FORGET_USER,
    async ({ user }, { tenant, signal, progress }) => {
      if (!(await wantsForgetting(tenant))) return { messages: ['Events of deleted users are kept.'] };
      let count = 0;
      for (let batch = BATCH; batch === BATCH && !signal.aborted; ) {
        batch = await db.write({ tenant }, (em) => deleteEventsOf(em, user, BATCH));
        count += batch;
        progress(count);
      }
      return { messages: [`Deleted ${count} Events`] };
    },
    { description: 'Delete the events that a deleted user caused' },
  );
}
