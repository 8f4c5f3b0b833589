import { type Answer, bad, CONFLICT, ok, TOO_MANY } from '../headless.answer.ts';
import { type Fields, phone } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { Refused, remember, type Visit } from '../headless.visit.ts';
import { freshCode } from '../sent.code.ts';
import { signUpLater } from '../signup/index.ts';
import { isTaken, tell } from './phone.courier.ts';
import { PHONE_CHANGE, waitingStage } from './verify-phone.ts';

/** Tells the number of whoever is signed in; one that waits for its code is not theirs yet. */
export const getPhone = ({ phones }: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    async run({ tenant, person }) {
      const number = await phones.ofUser(tenant, person.pk);
      return ok(number === undefined ? [] : [{ phone: number.phone, verified: number.verified }]);
    },
  });

/** Begins to change a number: of whoever is signed in, or of a sign-up or login that waits for its code. */
export const changePhone = (parts: HeadlessParts) =>
  operation({
    limit: 'change_phone',
    needsFactor: true,
    reauthentication: 'if-set',
    form: (visit): Fields => (visit.person || waitingStage(parts, visit) ? { phone: phone() } : {}),
    async run(visit, values) {
      const { person } = visit;
      if (typeof values.phone !== 'string') return CONFLICT;
      return person ? changeOwn(parts, visit, person.pk, values.phone) : changeWaiting(parts, visit, values.phone);
    },
  });

const SAME = bad(problem('same_as_current', 'phone'));
const TAKEN = bad(problem('phone_taken', 'phone'));

async function changeOwn(parts: HeadlessParts, visit: Visit, user: number, number: string): Promise<Answer> {
  const { tenant, settings } = visit;
  const current = await parts.phones.ofUser(tenant, user);
  const isVerified = settings.phone_verification_enabled;
  if (current?.phone === number && (current.verified || !isVerified)) return SAME;
  if (!isVerified) return keepUnverified(parts, visit, user, number);
  if (!(await parts.phoneMessages.isServed(tenant))) return CONFLICT;
  const refused = await refusal(parts, visit, number, user);
  if (refused !== undefined) return refused;
  const sent = freshCode(visit, { phone: number });
  remember(visit, PHONE_CHANGE, sent);
  tell(parts, visit, 'verify', sent, user);
  return accepted(number);
}

/** Where nobody verifies numbers a new one counts at once, as one that is not verified. */
function keepUnverified({ phones }: HeadlessParts, visit: Visit, user: number, number: string): Answer {
  visit.effects.push(async (tx) => {
    if (!(await phones.keep(tx, { user, phone: number, verified: false }))) throw new Refused(TAKEN);
  });
  return accepted(number);
}

async function changeWaiting(parts: HeadlessParts, visit: Visit, number: string): Promise<Answer> {
  const found = waitingStage(parts, visit);
  if (found === undefined) return CONFLICT;
  const { sent, login, note } = found;
  if (login === undefined || sent.changed >= visit.settings.phone_verification_supports_change) return CONFLICT;
  if (sent.phone === number) return SAME;
  const refused = await refusal(parts, visit, number, login.user);
  if (refused !== undefined) return refused;
  const joined = await signUpLater(parts, visit, login, { phone: number });
  const user = login.user ?? joined.user;
  // Nobody signs up with the number of somebody else, whom a message tells: nothing that comes back matches.
  const isNotice = user === undefined && (await isTaken(parts, visit, number, user));
  const { code, sent: at } = freshCode(visit, {}, !isNotice);
  const fresh = { ...sent, code, sent: at, phone: number, changed: sent.changed + 1 };
  note(fresh, joined);
  // A number that somebody else has verified is not kept; its code will say so.
  if (user !== undefined)
    visit.effects.push(async (tx) => void (await parts.phones.keep(tx, { user, phone: number, verified: false })));
  tell(parts, visit, isNotice ? 'taken' : 'verify', fresh, user);
  return accepted(number);
}

async function refusal(
  parts: HeadlessParts,
  visit: Visit,
  number: string,
  user: number | undefined,
): Promise<Answer | undefined> {
  if (visit.settings.enumeration === 'allowed' && (await isTaken(parts, visit, number, user))) return TAKEN;
  return (await parts.limits.use(visit, 'verify_phone', number)) ? undefined : TOO_MANY;
}

function accepted(number: string): Answer {
  return { kind: 'plain', status: 202, data: [{ phone: number, verified: false }] };
}
