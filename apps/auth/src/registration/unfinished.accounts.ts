import type { Database } from '@postern/database';
import { PosternError } from '@postern/errors';
import { createJobs, defineJob, handles, type JobHandler, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';

/** Accounts that were made for a sign-up of which nothing was stored. */
export type UnfinishedAccounts = {
  /** Takes one away: at once, or as soon as the directory can be reached again. */
  remove(tenant: string, user: number): Promise<void>;
  /** Does what could not be done at once. */
  readonly job: JobHandler;
};

/** What taking them away needs. */
export type UnfinishedAccountDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Outbox;
  readonly users: Pick<Client<directory.UserServiceDefinition>, 'deleteUser'>;
};

const removeAccount = defineJob<{ user: number }>({ name: 'auth.remove_unfinished_account', attempts: 12 });

/** Creates their end. */
export function createUnfinishedAccounts({ database, outbox, users }: UnfinishedAccountDeps): UnfinishedAccounts {
  const jobs = createJobs({ outbox });
  const remove = (tenant: string, user: number) => users.deleteUser({ id: user }, asService(tenant)).catch(unlessGone);
  return {
    async remove(tenant, user) {
      try {
        await remove(tenant, user);
      } catch {
        // Its name and its address would be somebody's for ever, and nobody could sign in to it.
        await database.write({ tenant }, (tx) => jobs.enqueue(tx, { tenant }, job(removeAccount, { user })));
      }
    },
    job: handles(
      removeAccount,
      async ({ user }, { tenant }) => {
        await remove(tenant, user);
        return { messages: ['The account is gone.'] };
      },
      { description: 'Take away an account whose sign-up was not stored', visible: 'on_failure' },
    ),
  };
}

function unlessGone(error: unknown): void {
  if (!(error instanceof PosternError && error.code === 'NOT_FOUND')) throw error;
}
