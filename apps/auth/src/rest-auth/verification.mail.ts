import { frontendUrl, type Visit } from '../headless/index.ts';
import type { RestParts } from './rest.parts.ts';

/** Whose address it is; undefined where nobody has it, which nothing may tell. */
type Reader = {
  readonly user: { readonly pk: number; readonly username: string; readonly name: string } | undefined;
  readonly email: string;
};

const DAY_MS = 86_400_000;

/** Has the mail sent by which somebody shows that they read an address, unless it was sent just now. It costs the same whoever has the address. */
export async function sendVerification(parts: RestParts, visit: Visit, { user, email }: Reader): Promise<void> {
  const { tenant, settings, client, now } = visit;
  if (!(await parts.limits.use(visit, 'confirm_email_by_link', email))) return;
  const { pk = 0, name = '', username = '' } = user ?? {};
  const key = parts.mailboxes.keyFor(tenant, pk, email, now);
  const context = {
    url: frontendUrl(settings, parts.siteOf(visit), 'account_confirm_email', key),
    expires: new Date(now.getTime() + settings.email_confirmation_expire_days * DAY_MS).toISOString(),
    user: { name, username },
  };
  const to = user === undefined ? '' : email;
  const mail = { tenant, kind: 'verify_link', to, host: client.host, context } as const;
  visit.effects.push((tx) => parts.accountMails.send(tx, mail));
}
