import { type Database, type EntityManager, type SweepBatch, sweepExpired } from '@postern/database';
import { defineJob, handles, type JobHandler } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import { User } from './user.entity.ts';
import { userDeleted } from './user.events.ts';

/** What letting go of temporary users needs. */
export type TemporaryUsersDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
};

const CLEAN = defineJob({ name: 'directory.clean_temporary_users', attempts: 3, deadlineMs: 600_000 });

const EXPIRED = `select pk from user_account where temporary_until <= ? and temporary_until is not null
  order by temporary_until limit ? for update skip locked`;

/**
 * The job that deletes users whom a source made for one visit: those with `goauthentik.io/user/generated: true` whose
 * `goauthentik.io/user/expires` (seconds since 1970) has passed.
 */
export function createTemporaryUsersJob({ db, outbox, clock }: TemporaryUsersDeps): JobHandler {
  async function clean(em: EntityManager, { tenant, before, limit }: SweepBatch): Promise<number> {
    const rows = await em.execute<{ pk: number }[]>(EXPIRED, [before, limit]);
    const users = await em.find(User, { pk: { $in: rows.map(({ pk }) => pk) } });
    await outbox.record(em, { tenant }, users.map(userDeleted));
    for (const user of users) em.remove(user);
    await em.flush();
    return users.length;
  }

  return handles(
    CLEAN,
    async (_args, { signal, progress }) => {
      let done = 0;
      const onBatch = (count: number) => {
        done += count;
        progress(done);
      };
      const count = await sweepExpired({ db, table: 'user_account', before: clock.now(), clean, signal, onBatch });
      return { messages: [`Successfully deleted ${count} users.`] };
    },
    {
      description: 'Remove temporary users created by SAML Sources',
      schedule: { cron: '9-59/5 * * * *' },
      task: 'clean_temporary_users',
    },
  );
}
