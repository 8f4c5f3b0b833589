import type { ResetGrant } from '../../password-reset/index.ts';
import { sessionContext } from '../../sessions/index.ts';
import type { StageAccount } from '../../stages/index.ts';
import { type Answer, AUTHENTICATION, bad, CONFLICT, ok } from '../headless.answer.ts';
import { text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { Overtaken } from '../headless.settle.ts';
import type { Visit } from '../headless.visit.ts';
import { isSameCode } from '../user.codes.ts';
import { passwordProblemsOf } from './password.problems.ts';
import { isResetServed } from './request-reset.ts';
import { countWrong, rememberReset, waitingReset } from './reset.memory.ts';

/** Header that carries the key of a link, or a code, where there is no body. */
const KEY_HEADER = 'x-password-reset-key';
const LONGEST_KEY = 100;

/** What a key, or a code, lets somebody do. */
type Admitted =
  | { readonly account: StageAccount; readonly grant: ResetGrant }
  | { readonly account: StageAccount; readonly email: string };

/** Tells whose password a key would set. A wrong code counts as a try here, too. */
export const showReset = (parts: HeadlessParts) =>
  operation({
    isServed: isResetServed,
    async run(visit) {
      const key = (visit.call.headers[KEY_HEADER] ?? '').trim();
      if (key === '') return bad(problem('required', 'key'));
      const admitted = await admit(parts, visit, key);
      if ('kind' in admitted) return admitted;
      const standing = await parts.gate.admit(visit.tenant, admitted.account.pk);
      if (standing === undefined) return refusal(visit);
      return ok({ user: await parts.presenter.user(visit, { standing }) });
    },
  });

/** Sets a password by a key or a code, each of which works once. */
export const resetPassword = (parts: HeadlessParts) =>
  operation({
    isServed: isResetServed,
    limit: 'reset_password_from_key',
    form: { key: text(LONGEST_KEY), password: text() },
    async run(visit, { key, password }) {
      const admitted = await admit(parts, visit, key);
      if ('kind' in admitted) return admitted;
      const { account } = admitted;
      const problems = await passwordProblemsOf(parts, account, password, 'password');
      if (problems.length > 0) return bad(...problems);
      const hash = await parts.passwords.hash(password);
      const { tenant, client, settings } = visit;
      const context = sessionContext(tenant, account, client);
      visit.effects.push(async (tx) => {
        if (!('grant' in admitted)) return parts.resets.set(tx, account, hash, {}, context);
        if (!(await parts.resets.redeem(tx, admitted.grant, hash, context))) throw new Overtaken();
      });
      if ('email' in admitted) {
        rememberReset(visit, undefined);
        // The right code shows that they read the address, too.
        visit.finishing.push(() => parts.mailboxes.noteRead(tenant, account.pk, admitted.email));
      }
      await forgetFailures(parts, visit, account);
      if (settings.email_notifications && account.email !== '')
        visit.effects.push((tx) =>
          parts.notices.tell(tx, { tenant, kind: 'password_reset', to: account.email, client, at: visit.now }),
        );
      if (!settings.login_on_password_reset) return AUTHENTICATION;
      const method = 'password_reset';
      if (!('email' in admitted))
        return parts.pipeline.begin(visit, { user: account.pk, by: method, record: { method } });
      const { email } = admitted;
      return parts.pipeline.begin(visit, { user: account.pk, by: method, record: { method, email }, email });
    },
  });

/** Whom a key or a code lets in, or what is answered. */
function admit(parts: HeadlessParts, visit: Visit, key: string): Promise<Admitted | Answer> {
  return visit.settings.password_reset_by_code_enabled ? admitByCode(parts, visit, key) : admitByKey(parts, visit, key);
}

async function admitByKey({ resets }: HeadlessParts, visit: Visit, key: string): Promise<Admitted | Answer> {
  const grant = await resets.open(visit.tenant, key, visit.settings.password_reset_timeout);
  return grant === undefined ? refusal(visit) : { account: grant.account, grant };
}

async function admitByCode(parts: HeadlessParts, visit: Visit, code: string): Promise<Admitted | Answer> {
  const memory = waitingReset(visit);
  if (memory === undefined) return CONFLICT;
  const { tenant } = visit;
  // The code of an address that nobody has was sent to nobody.
  const [account] = isSameCode(memory.code, code) ? await parts.resets.findPeople(tenant, memory.email) : [];
  if (account === undefined) {
    countWrong(visit, memory);
    return refusal(visit);
  }
  return { account, email: memory.email };
}

function refusal({ settings }: Visit): Answer {
  return bad(problem(settings.password_reset_by_code_enabled ? 'incorrect_code' : 'invalid_password_reset', 'key'));
}

/** Whoever has chosen a password anew may try it, however often it was tried before. */
async function forgetFailures(parts: HeadlessParts, visit: Visit, { username, email }: StageAccount): Promise<void> {
  for (const name of new Set([username, email].filter(Boolean)))
    await parts.limits.clear(visit, 'login_failed', `${visit.client.host}:${name.toLowerCase()}`);
}
