import { type Answer, bad, CONFLICT, TOO_MANY } from '../headless.answer.ts';
import { email, type Field, optionalText } from '../headless.fields.ts';
import { type HeadlessOperation, operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { freshCode } from '../sent.code.ts';
import { isByCode, maySend, rememberVerification, sendCode, sendLink } from '../signup/index.ts';
import { addressList, findIn, refusal, tooMany, type Visited } from './address.answers.ts';
import { change, changeable } from './move-sign-up.ts';

/** Adds an address to whoever is signed in. Whoever has just signed up, and waits for their code, may have it sent elsewhere. */
export function addAddress(parts: HeadlessParts): HeadlessOperation {
  return operation({
    limit: 'manage_email',
    reauthentication: 'if-set',
    // Whoever may not ask at all is told that before what is wrong with what they ask.
    form: (visit): { email: Field<string> } => ({
      email: visit.person || changeable(parts, visit) ? email() : optionalText(),
    }),
    async run(visit, { email: given }) {
      const { person } = visit;
      if (person) return add(parts, Object.assign(visit, { person }), given);
      const process = changeable(parts, visit);
      return process === undefined ? CONFLICT : change(parts, visit, process, given);
    },
  });
}

async function add(parts: HeadlessParts, visit: Visited, email: string): Promise<Answer> {
  const { tenant, person } = visit;
  const known = await parts.mailboxes.list(tenant, person.pk);
  const wrong = await problemOf(parts, visit, email, known);
  if (wrong !== undefined) return bad(wrong);
  if (isByCode(visit)) {
    if (!(await maySend(parts, visit, email))) return TOO_MANY;
    const sent = freshCode(visit, { email });
    rememberVerification(visit, sent);
    sendCode(parts, visit, email, sent.code);
    return addressList(parts, visit, known);
  }
  const added = await parts.mailboxes.add(tenant, person.pk, email);
  if ('refused' in added) return refusal(added.refused);
  if (await maySend(parts, visit, email)) sendLink(parts, visit, person.pk, email);
  if (!visit.settings.change_email) return addressList(parts, visit, added.mailboxes);
  for (const other of known)
    if (!other.primary && !other.verified) await parts.mailboxes.remove(tenant, person.pk, other.email);
  return addressList(parts, visit);
}

async function problemOf(
  parts: HeadlessParts,
  visit: Visited,
  email: string,
  known: Awaited<ReturnType<HeadlessParts['mailboxes']['list']>>,
) {
  const { tenant, settings, person } = visit;
  const { max_email_addresses: most, change_email, mfa_allow_unverified_email } = settings;
  if (findIn(known, email) !== undefined) return problem('duplicate_email', 'email');
  const holder = settings.enumeration === 'allowed' ? await parts.mailboxes.holderOf(tenant, email) : undefined;
  if (holder !== undefined) return problem('email_taken', 'email');
  if (most > 0 && known.length >= most && !change_email) return tooMany(most);
  if (isByCode(visit) || mfa_allow_unverified_email) return undefined;
  const factors = await parts.devices.ofUser(tenant, person.pk);
  const isProtected = factors.some((one) => one.class === 'totp' || one.class === 'webauthn');
  return isProtected ? problem('add_email_blocked', 'email') : undefined;
}
