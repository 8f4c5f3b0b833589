import { type MessageKind, phoneVerified } from '../../phones/index.ts';
import { sessionContext } from '../../sessions/index.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import { Overtaken } from '../headless.settle.ts';
import type { Effect, Visit } from '../headless.visit.ts';
import type { CodeRules, SentCode } from '../sent.code.ts';

/** How long a code to a number works, and how many wrong ones end it. */
export function phoneRules({ settings }: Pick<Visit, 'settings'>): CodeRules {
  return { seconds: settings.phone_verification_timeout, most: settings.phone_verification_max_attempts };
}

/** Has a message brought to a number when the visit is over; with no number, to nobody, at the same cost. */
export function tell(
  { phoneMessages }: Pick<HeadlessEngine, 'phoneMessages'>,
  visit: Visit,
  kind: MessageKind,
  { code, phone }: Pick<SentCode, 'code' | 'phone'>,
  user: number | undefined,
): void {
  const { tenant, client, now } = visit;
  const until = new Date(now.getTime() + phoneRules(visit).seconds * 1000);
  const to = phone === undefined ? {} : { to: { user, number: phone } };
  visit.effects.push((tx) => phoneMessages.ask(tx, { tenant, client, kind, ...to, code, until }));
}

/** Whether somebody else has shown that a number is theirs. */
export async function isTaken(
  { phones }: Pick<HeadlessEngine, 'phones'>,
  { tenant }: Pick<Visit, 'tenant'>,
  phone: string,
  user: number | undefined,
): Promise<boolean> {
  const found = await phones.find(tenant, phone);
  return found?.verified === true && found.user !== user;
}

/** Keeps a number as one that somebody has shown to be theirs, unless somebody else is faster: then the operation begins again. */
export async function keptAsVerified(
  { phones, accounts, outbox }: Pick<HeadlessEngine, 'phones' | 'accounts' | 'outbox'>,
  { tenant, client }: Pick<Visit, 'tenant' | 'client'>,
  user: number,
  phone: string,
): Promise<Effect> {
  const account = await accounts.findByPk(tenant, user);
  return async (tx) => {
    if (!(await phones.keep(tx, { user, phone, verified: true }))) throw new Overtaken();
    if (account) await outbox.record(tx, sessionContext(tenant, account, client), phoneVerified(account));
  };
}
