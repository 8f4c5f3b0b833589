import { INBUILT_BACKEND } from '../../passwords/index.ts';
import { sessionContext } from '../../sessions/index.ts';
import { AUTHENTICATION, bad } from '../headless.answer.ts';
import { optionalText } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { type Problem, problem } from '../headless.problems.ts';
import { type Person, personAccount, Refused, type Visit } from '../headless.visit.ts';
import { passwordProblemsOf } from './password.problems.ts';

type Proof = Awaited<ReturnType<HeadlessParts['passwords']['verify']>>;

/** Gives somebody another password, or their first one. Their other sessions end; this one goes on under another secret. */
export const changePassword = (parts: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    limit: 'change_password',
    form: { current_password: optionalText(), new_password: optionalText() },
    async run(visit, { current_password, new_password }) {
      const { tenant, client, person, settings, now } = visit;
      const account = personAccount(person);
      const since = await parts.passwords.changed(tenant, account.pk);
      const hasPassword = since !== undefined;
      const { problems, proof } = hasPassword
        ? await checkCurrent(parts, visit, person, current_password)
        : { problems: [], proof: undefined };
      const all = [...problems, ...(await newProblems(parts, person, new_password))];
      if (all.length > 0) return bad(...all);
      const hash = await parts.passwords.hash(new_password);
      const context = sessionContext(tenant, account, client);
      visit.effects.push(async (tx) => {
        await proof?.settle(tx);
        const keeping = { keepSession: person.session, since };
        if (!(await parts.resets.replace(tx, account, hash, keeping, context)))
          throw new Refused(bad(problem('enter_current_password', 'current_password')));
        if (!settings.email_notifications || account.email === '') return;
        const kind = hasPassword ? 'password_changed' : 'password_set';
        await parts.notices.tell(tx, { tenant, kind, to: account.email, client, at: now });
      });
      visit.ending = { kind: settings.logout_on_password_change ? 'flush' : 'cycle' };
      return AUTHENTICATION;
    },
  });

async function checkCurrent(
  { passwords }: HeadlessParts,
  { tenant, client }: Visit,
  person: Person,
  current: string,
): Promise<{ readonly problems: readonly Problem[]; readonly proof?: Proof }> {
  if (current === '') return { problems: [problem('required', 'current_password')] };
  const account = personAccount(person);
  const proof = await passwords.verify(tenant, account, current, [INBUILT_BACKEND], { name: account.username, client });
  return proof ? { problems: [], proof } : { problems: [problem('enter_current_password', 'current_password')] };
}

async function newProblems(parts: HeadlessParts, person: Person, password: string): Promise<readonly Problem[]> {
  if (password === '') return [problem('required', 'new_password')];
  return passwordProblemsOf(parts, personAccount(person), password, 'new_password');
}
