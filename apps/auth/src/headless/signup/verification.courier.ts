import { type FrontendPage, frontendUrl } from '../frontend.urls.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Visit } from '../headless.visit.ts';
import type { RateLimits } from '../rate.limits.ts';

/** What sends mails that confirm addresses. */
export type VerificationCourier = Pick<HeadlessEngine, 'accountMails' | 'mailboxes' | 'siteOf'> & {
  readonly limits: RateLimits;
};

/** Whether a mail to an address may be sent now; it counts as sent. An operation that begins again counts once. */
export async function maySend({ limits }: VerificationCourier, visit: Visit, email: string): Promise<boolean> {
  const action = isByCode(visit) ? 'confirm_email_by_code' : 'confirm_email_by_link';
  const isFree = await limits.use(visit, action, email);
  if (isFree) visit.undo.push(() => limits.giveBack(visit, action, email));
  return isFree;
}

/** Whether a tenant has addresses confirmed by codes. */
export function isByCode({ settings }: Pick<Visit, 'settings'>): boolean {
  return settings.email_verification_by_code_enabled && settings.email_verification === 'mandatory';
}

/** Has a code brought to an address. A code that nobody gets is none. */
export function sendCode(courier: VerificationCourier, visit: Visit, email: string, code: string): void {
  const to = code === '' ? '' : email;
  const expires = after(visit, visit.settings.email_verification_by_code_timeout);
  send(courier, visit, { kind: 'verify_code', to, context: { code, expires } });
}

/** Has a link brought to an address of somebody. */
export function sendLink(courier: VerificationCourier, visit: Visit, user: number, email: string): void {
  const key = courier.mailboxes.keyFor(visit.tenant, user, email, visit.now);
  const url = pageOf(courier, visit, 'account_confirm_email', key);
  const expires = after(visit, visit.settings.email_confirmation_expire_days * 86_400);
  send(courier, visit, { kind: 'verify_link', to: email, context: { url, expires } });
}

/** Tells whoever reads an address that somebody wanted to sign up with it, while it is that of an account. */
export function sendAccountExists(courier: VerificationCourier, visit: Visit, email: string): void {
  const url = pageOf(courier, visit, 'account_reset_password');
  send(courier, visit, { kind: 'account_exists', to: email, context: { url, email } });
}

function pageOf({ siteOf }: VerificationCourier, visit: Visit, page: FrontendPage, key?: string): string {
  return frontendUrl(visit.settings, siteOf(visit), page, key);
}

type Mail = Pick<Parameters<VerificationCourier['accountMails']['send']>[1], 'kind' | 'to' | 'context'>;

function send({ accountMails }: VerificationCourier, visit: Visit, mail: Mail): void {
  const { tenant, client } = visit;
  visit.effects.push((tx) => accountMails.send(tx, { tenant, host: client.host, ...mail }));
}

function after({ now }: Visit, seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}
