import { flowPage, type RestoredBy, type StageEffect, type StageOutcome, type StageVisit } from '../../plans/index.ts';
import { isImposed } from '../device.owner.ts';
import type {
  Attempt,
  LinkMail,
  StageAccounts,
  StageAttempts,
  StageMailServer,
  StageMails,
  UserDirectory,
} from '../stage.ports.ts';
import type { EmailSettings } from './settings.ts';

/** What mailing links needs. */
export type EmailSending = {
  readonly accounts: Pick<StageAccounts, 'findByPk' | 'hasRights' | 'remember'>;
  readonly attempts: StageAttempts;
  readonly brands: { readonly title: (tenant: string, host: string) => Promise<string> };
  readonly directory: Pick<UserDirectory, 'activate'>;
  readonly mails: StageMails;
  /** The host that links lead to when a page was opened under this one. */
  readonly linkHost: (tenant: string, host: string) => string;
};

type Visit = StageVisit<EmailSettings>;

/** Has the link sent, by an effect that is the same for whoever is nobody; undefined where nothing more is sent for now. */
export async function sending(visit: Visit, deps: EmailSending): Promise<StageEffect | undefined> {
  const { context, request, step } = visit;
  const { tenant, client } = request;
  const pending = context.pending_user;
  const account = await deps.accounts.findByPk(tenant, pending?.kind === 'account' ? pending.pk : 0);
  const title = await deps.brands.title(tenant, client.host);
  if ((await deps.attempts.reserve(tenant, attemptOf(visit))) === 'refused') return undefined;
  // An address that the flow names gets a link for somebody who has proved who they are, or can do nothing in Postern.
  const isOurs = context.email === undefined || !(await isImposed(deps.accounts, visit));
  const named = isOurs ? context.email : undefined;
  const address = named ?? account?.email ?? '';
  const mail: Omit<LinkMail, 'plan'> = {
    tenant,
    recipient: address === '' ? (pending?.username ?? '') : address,
    ...(account === undefined || address === '' ? {} : { to: { account, address } }),
    step,
    link: linkOf(visit, deps.linkHost(tenant, client.host)),
    title,
    mail: linkMailOf(visit.settings),
  };
  return async (tx, { plan }) => {
    await deps.mails.sendLink(tx, { ...mail, plan });
    return undefined;
  };
}

/** Lets on whoever opened the link, if it was made for the person whom the plan is about. */
export function admitted(visit: Visit, restored: RestoredBy, deps: EmailSending): StageOutcome {
  const { context, settings, request } = visit;
  const pending = context.pending_user;
  if (pending?.kind !== 'account' || pending.pk !== restored.user) return { kind: 'denied' };
  return {
    kind: 'passed',
    effect: async (tx) => {
      await deps.attempts.succeeded(tx, request.tenant, attemptOf(visit));
      if (settings.activate_user_on_success) {
        await deps.accounts.remember(tx, await deps.directory.activate(request.tenant, pending.pk));
      }
      return undefined;
    },
  };
}

function attemptOf({ context, request }: Visit): Attempt {
  const pending = context.pending_user;
  const user = pending?.kind === 'account' ? pending.pk : undefined;
  return {
    kind: 'recovery',
    user,
    ...(pending === undefined ? {} : { name: pending.username }),
    client: request.client,
  };
}

/** The page that asked, with its query, but for the link that may have led to it. */
function linkOf({ flow, request: { client, query } }: Visit, host: string): LinkMail['link'] {
  const kept = new URLSearchParams(query);
  kept.delete('flow_token');
  return { page: `${client.scheme}://${host}${flowPage(flow.slug)}`, query: kept.toString() };
}

/** How the mails of a stage look, and which way they go. */
export function linkMailOf(settings: EmailSettings): LinkMail['mail'] {
  const { template, subject, token_expiry, use_global_settings, from_address } = settings;
  const own = use_global_settings ? { from: '' } : { from: from_address, server: serverOf(settings) };
  return { template, subject, minutes: token_expiry, ...own };
}

function serverOf({ host, port, username, password, use_tls, use_ssl, timeout }: EmailSettings): StageMailServer {
  return { host, port, username, password, use_tls, use_ssl, timeout };
}
