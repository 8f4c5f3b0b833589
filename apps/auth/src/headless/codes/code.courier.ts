import type { JsonObject } from '../../plans/index.ts';
import { frontendUrl } from '../frontend.urls.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Visit } from '../headless.visit.ts';
import type { SentCode } from '../sent.code.ts';

/** What brings codes to people. */
export type CodeCourierDeps = Pick<HeadlessEngine, 'accountMails' | 'phoneMessages' | 'siteOf'>;

/**
 * Has a code brought to where it goes when the visit is over. An address that nobody has is told so by mail, where the tenant wants that; a
 * number that nobody has gets no message. Either way as much is done here. Nobody is told twice that they have no account.
 */
export function bring(deps: CodeCourierDeps, visit: Visit, sent: SentCode, user: number | undefined): void {
  const { tenant, client, settings, now } = visit;
  const { code, email, phone } = sent;
  const until = new Date(now.getTime() + settings.login_by_code_timeout * 1000);
  if (phone !== undefined) {
    const to = code === '' ? {} : { to: { user, number: phone } };
    visit.effects.push((tx) => deps.phoneMessages.ask(tx, { tenant, client, kind: 'sign_in', ...to, code, until }));
    return;
  }
  if (email === undefined) return;
  const { host } = client;
  const isForNobody = code === '';
  const isTold = !isForNobody || (settings.email_unknown_accounts && sent.resent === 0);
  const page: JsonObject = settings.signup_open
    ? { url: frontendUrl(settings, deps.siteOf(visit), 'account_signup') }
    : {};
  const [kind, context]: readonly ['unknown_account' | 'login_code', JsonObject] = isForNobody
    ? ['unknown_account', { email, ...page }]
    : ['login_code', { code, expires: until.toISOString() }];
  const mail = { tenant, host, kind, to: isTold ? email : '', context };
  visit.effects.push((tx) => deps.accountMails.send(tx, mail));
}

/** Tells whoever has a number that somebody signs up with it. */
export function bringNotice({ phoneMessages }: CodeCourierDeps, visit: Visit, number: string): void {
  const { tenant, client, settings, now } = visit;
  const until = new Date(now.getTime() + settings.login_by_code_timeout * 1000);
  const errand = { tenant, client, kind: 'taken', to: { user: undefined, number }, code: '', until } as const;
  visit.effects.push((tx) => phoneMessages.ask(tx, errand));
}
