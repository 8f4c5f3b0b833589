import type { Database, EntityManager } from '@postern/database';
import { createJobs, defineJob, handles, type JobHandler, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { AccountMails } from '../mailboxes/index.ts';
import type { StageAccount } from '../stages/index.ts';

/** Who has forgotten a password, and what they get. */
export type ResetRequest = {
  /** What was typed. */
  readonly email: string;
  /** Host that it is asked for under: its brand gives the mail its title. */
  readonly host: string;
  /** A code that was made already, or a page: `__key__` stands for the key, `__uid__` and `__token__` for its two parts. */
  readonly by: { readonly code: string } | { readonly page: string };
  /** When it ends. */
  readonly expires: Date;
  /** Page where one signs up, told to an address that no account has; undefined to write to none. */
  readonly signUp?: string | undefined;
};

/** What asking needs. */
export type ResetMailDeps = {
  readonly database: Pick<Database, 'secrets' | 'write'>;
  readonly outbox: Outbox;
  readonly mails: Pick<AccountMails, 'send'>;
  /** Whom an address belongs to. */
  readonly findPeople: (tenant: string, email: string) => Promise<readonly StageAccount[]>;
  readonly keyFor: (tenant: string, account: StageAccount) => Promise<string>;
};

/** Asks for the mails, and writes them. */
export type ResetMails = {
  /** Asks in the transaction. Nobody is looked for before the job runs: neither answers nor their time tell who has an account. */
  ask(tx: EntityManager, tenant: string, request: ResetRequest): Promise<void>;
  readonly job: JobHandler;
};

const requestReset = defineJob<{ request: string }>({ name: 'auth.request_password_reset', attempts: 8 });
const LABEL = 'password_reset.request';

/** Creates the mails. */
export function createResetMails(deps: ResetMailDeps): ResetMails {
  const { database, outbox } = deps;
  const jobs = createJobs({ outbox });
  return {
    async ask(tx, tenant, request) {
      // The code is in it, and who asked.
      const sealed = database.secrets.seal(JSON.stringify(request), LABEL);
      await jobs.enqueue(tx, { tenant }, job(requestReset, { request: sealed }));
    },
    job: handles(
      requestReset,
      async ({ request }, { tenant }) => {
        await write(deps, tenant, JSON.parse(database.secrets.open(request, LABEL)));
        return { messages: ['The request was answered.'] };
      },
      { description: 'Write to whoever forgot their password', visible: 'on_failure' },
    ),
  };
}

type Waiting = Omit<ResetRequest, 'expires'> & { readonly expires: string };

async function write(deps: ResetMailDeps, tenant: string, request: Waiting): Promise<void> {
  const { database, mails, findPeople, keyFor } = deps;
  const { email, host, by, expires, signUp } = request;
  const people = await findPeople(tenant, email);
  const keyed = await Promise.all(
    // A code is one person's.
    ('code' in by ? people.slice(0, 1) : people).map(async (account) => ({
      account,
      key: 'code' in by ? '' : await keyFor(tenant, account),
    })),
  );
  const kind = 'code' in by ? 'password_reset_code' : 'password_reset';
  await database.write({ tenant }, async (tx) => {
    for (const { account, key } of keyed) {
      const { name, username } = account;
      const shown: Record<string, string> = 'code' in by ? { code: by.code } : { url: linkOf(by.page, key) };
      const context = { expires, user: { name, username }, ...shown };
      await mails.send(tx, { tenant, kind, to: email, host, context });
    }
    if (people.length === 0 && signUp !== undefined)
      await mails.send(tx, { tenant, kind: 'unknown_account', to: email, host, context: { url: signUp, email } });
  });
}

function linkOf(page: string, key: string): string {
  const dash = key.indexOf('-');
  return page
    .replaceAll('__key__', key)
    .replaceAll('__uid__', key.slice(0, dash))
    .replaceAll('__token__', key.slice(dash + 1));
}
