import { type Answer, bad, FORBIDDEN, ok } from '../headless.answer.ts';
import { email, type Field } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { freshCode } from '../sent.code.ts';
import {
  isByCode,
  maySend,
  rememberVerification,
  sendAgain,
  sendCode,
  sendLink,
  tellOfChange,
  verificationOf,
} from '../signup/index.ts';
import { addressList, findIn, refusal, type Visited } from './address.answers.ts';

/** Lists the addresses of whoever is signed in. */
export const listAddresses = (parts: HeadlessParts) =>
  operation({ gate: 'authenticated', needsFactor: false, run: (visit) => addressList(parts, visit) });

/** Sends the link or the code for an address again. */
export const resendAddress = (parts: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    limit: 'manage_email',
    form: { email: email() },
    run: (visit, given) => resend(parts, visit, given.email),
  });

async function resend(parts: HeadlessParts, visit: Visited, given: string): Promise<Answer> {
  const known = findIn(await parts.mailboxes.list(visit.tenant, visit.person.pk), given);
  const waiting = verificationOf(parts, visit);
  if (known === undefined && waiting?.email !== given) return bad(problem('unknown_email', 'email'));
  if (known === undefined && waiting !== undefined) {
    const isSpent = waiting.sent.resent >= visit.settings.email_verification_supports_resend;
    return !isSpent && (await sendAgain(parts, visit, waiting)) ? ok() : FORBIDDEN;
  }
  if (!(await maySend(parts, visit, given))) return FORBIDDEN;
  if (!isByCode(visit)) {
    sendLink(parts, visit, visit.person.pk, given);
    return ok();
  }
  const sent = freshCode(visit, { email: given });
  rememberVerification(visit, sent);
  sendCode(parts, visit, given, sent.code);
  return ok();
}

/** A yes that has to be there. */
const yes: Field<true> = (raw, param) => (raw === true ? { value: true } : { problems: [problem('required', param)] });

/** Makes an address the primary one. */
export const setPrimaryAddress = (parts: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    limit: 'manage_email',
    reauthentication: 'if-set',
    form: { email: email(), primary: yes },
    async run(visit, given) {
      const { tenant, person } = visit;
      const before = (await parts.mailboxes.list(tenant, person.pk)).find(({ primary }) => primary);
      const done = await parts.mailboxes.makePrimary(tenant, person.pk, given.email);
      if ('refused' in done) return refusal(done.refused);
      visit.effects.push((tx) =>
        tellOfChange(tx, parts, visit, before?.email, findIn(done.mailboxes, given.email)?.email),
      );
      return addressList(parts, visit, done.mailboxes);
    },
  });

/** Removes an address. */
export const removeAddress = (parts: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    limit: 'manage_email',
    reauthentication: 'if-set',
    form: { email: email() },
    run: (visit, given) => remove(parts, visit, given.email),
  });

async function remove(parts: HeadlessParts, visit: Visited, given: string): Promise<Answer> {
  const { tenant, settings, person, client, now: at } = visit;
  const known = await parts.mailboxes.list(tenant, person.pk);
  const waiting = verificationOf(parts, visit);
  if (findIn(known, given) === undefined && waiting?.email === given) {
    rememberVerification(visit, undefined);
    return addressList(parts, visit, known);
  }
  const isOnlyName = settings.login_methods.length === 1 && settings.login_methods[0] === 'email';
  if (isOnlyName && known.length === 1 && findIn(known, given)) return refusal('EMAIL_ADDRESS_PRIMARY');
  const done = await parts.mailboxes.remove(tenant, person.pk, given);
  if ('refused' in done) return refusal(done.refused);
  const to = done.mailboxes.find(({ primary }) => primary)?.email ?? given;
  const subject = { name: 'Removed address', value: given };
  if (settings.email_notifications)
    visit.effects.push((tx) => parts.notices.tell(tx, { tenant, kind: 'email_removed', to, client, at, subject }));
  return addressList(parts, visit, done.mailboxes);
}
