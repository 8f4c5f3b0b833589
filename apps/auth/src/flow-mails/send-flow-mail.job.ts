import type { Database } from '@postern/database';
import { PosternError } from '@postern/errors';
import { defineJob, FinalFailure, handles, type JobHandler } from '@postern/jobs';
import type { tasks } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { FlowTokens } from '../flow-tokens/index.ts';
import type { LinkMail, StageAccounts } from '../stages/index.ts';
import { flowMailsIn } from './flow-mail.repository.ts';

/** What sending needs. */
export type FlowMailSending = {
  readonly database: Database;
  readonly links: Pick<FlowTokens, 'issue'>;
  readonly accounts: Pick<StageAccounts, 'remember'>;
  readonly mail: Pick<Client<tasks.MailServiceDefinition>, 'sendMail'>;
  readonly clock: () => Date;
};

/** Sends a mail that a flow asked for. Its arguments name it and say nothing of it. */
export const sendFlowMail = defineJob<{ mail: string }>({ name: 'auth.send_flow_mail', attempts: 8 });

/** Label under which a mail that waits is sealed. */
export const FLOW_MAIL = 'flow_mail.mail';

type Waiting = Omit<LinkMail, 'tenant' | 'recipient'>;

/** Makes the link and has the mail sent. Whoever is nobody gets none. A second run makes another link, and the first one is void. */
export function sendFlowMailJob(deps: FlowMailSending): JobHandler {
  const { database } = deps;
  return handles(
    sendFlowMail,
    async ({ mail: pk }, { tenant }) => {
      const sealed = await database.read({ tenant }, (em) => flowMailsIn(em).find(pk));
      if (sealed === undefined) return { messages: ['This mail was sent before.'] };
      const mail: Waiting = JSON.parse(database.secrets.open(sealed, FLOW_MAIL));
      if (mail.to !== undefined) await send(tenant, pk, mail, mail.to, deps);
      await database.write({ tenant }, (em) => flowMailsIn(em).forget(pk));
      return { messages: ['The mail was handed on.'] };
    },
    { description: 'Write a mail that a flow asked for', visible: 'on_failure' },
  );
}

async function send(
  tenant: string,
  pk: string,
  { plan, step, link, mail, title }: Waiting,
  { account, address }: NonNullable<LinkMail['to']>,
  { database, links, accounts, mail: mails, clock }: FlowMailSending,
): Promise<void> {
  // A minute more than is said, for whoever opens it at the last moment.
  const expires = new Date(clock().getTime() + (mail.minutes + 1) * 60_000);
  const identifier = `ak-email-stage-${pk}`;
  const key = await database.write({ tenant }, async (em) => {
    await accounts.remember(em, account);
    return links.issue(em, { identifier, family: step, user: account.pk, plan, step, expires });
  });
  const query = new URLSearchParams(link.query);
  query.set('flow_token', key);
  const { name, username } = account;
  const request = {
    template: mail.template,
    to: [{ name, address }],
    subject: mail.subject,
    context: { url: `${link.page}?${query}`, expires: expires.toISOString(), user: { name, username }, title },
    from: mail.from,
    server: mail.server,
  };
  await mails.sendMail(request, asService(tenant)).catch(final);
}

/** What `tasks` refuses, such as a template that is gone, it refuses again. It has told the audit log. */
function final(error: unknown): never {
  const isRefusal = error instanceof PosternError && ['INVALID_ARGUMENT', 'FAILED_PRECONDITION'].includes(error.code);
  if (isRefusal) throw new FinalFailure(error.message);
  throw error;
}
