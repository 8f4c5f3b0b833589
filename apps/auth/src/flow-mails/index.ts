/**
 * Mails with links that lead back into flows. Asking for one costs the same whether anybody gets it or not: a row and a job. The job makes
 * the link, so that its key is nowhere before, and has `tasks` write and send the mail. One recipient is written to so often and no more.
 */

import { createHmac, hkdfSync } from 'node:crypto';
import type { Database } from '@postern/database';
import { createJobs, type JobHandler, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { StageMails } from '../stages/index.ts';
import { flowMailsIn } from './flow-mail.repository.ts';
import { FLOW_MAIL, type FlowMailSending, sendFlowMail, sendFlowMailJob } from './send-flow-mail.job.ts';

export { FLOW_MAIL_MIGRATIONS } from './flow-mail.migrations.ts';
export { MAIL_LIMITS } from './flow-mail.repository.ts';

/** What mails of flows need. */
export type FlowMailDeps = FlowMailSending & {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly ids: () => string;
  /** The installation's secrets: recipients are kept as keyed hashes. */
  readonly secrets: readonly string[];
};

/** Mails of flows, wired. */
export type FlowMails = StageMails & { readonly job: JobHandler };

/** Creates mails of flows. */
export function createFlowMails(deps: FlowMailDeps): FlowMails {
  const { database, outbox, clock, ids, secrets } = deps;
  const jobs = createJobs({ outbox });
  const [secret = ''] = secrets;
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/mail-recipient/v1', 32));
  const hashOf = (tenant: string, recipient: string) =>
    createHmac('sha256', key).update(`${tenant} ${recipient.trim().toLowerCase()}`).digest('base64url');
  return {
    sendLink: async (tx, { tenant, recipient, ...mail }) => {
      const pk = ids();
      const sealed = database.secrets.seal(JSON.stringify(mail), FLOW_MAIL);
      const row = { pk, recipient: hashOf(tenant, recipient), mail: sealed, now: clock() };
      if (await flowMailsIn(tx).add(row)) await jobs.enqueue(tx, { tenant }, job(sendFlowMail, { mail: pk }));
    },
    job: sendFlowMailJob(deps),
  };
}
