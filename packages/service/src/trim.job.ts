import type { Database } from '@postern/database';
import { defineJob, handles, type JobHandler } from '@postern/jobs';
import { trimMessages } from '@postern/messaging';

/** A few minutes past four at night, when others sleep. */
const NIGHTLY = '14 4 * * *';

/** Every app with data forgets old messages, once a day. */
export function trimming({ database }: { database: Database }): JobHandler {
  const trimOldMessages = defineJob({ name: `${database.schema}.trim_messages`, deadlineMs: 600_000 });
  return handles(
    trimOldMessages,
    async (_args, { signal, log }) => {
      for (let isMore = true; isMore && !signal.aborted; ) {
        const { handled, dead } = await database.system((em) => trimMessages(em, database.schema));
        isMore = handled + dead > 0;
        if (isMore) log.info({ handled, dead }, 'old messages are forgotten');
      }
    },
    { description: 'Forget messages that outlived their use', schedule: { cron: NIGHTLY } },
  );
}
