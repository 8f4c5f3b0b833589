import { common } from '@postern/errors';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { frontendUrl, type Visit } from '../headless/index.ts';
import { domainProblems, RULES, usernameProblems } from '../registration/index.ts';
import { checkForm, wrongAsAWhole } from './form.rules.ts';
import { restAuthErrors } from './rest.errors.ts';
import type { RestParts } from './rest.parts.ts';
import { signIn } from './sign-in.ts';
import { sendVerification } from './verification.mail.ts';

const SENT = { key: () => undefined, detail: 'Verification e-mail sent.' };

/** Serves signing up. */
export function createRestRegistrationRpc(parts: RestParts): BoundService {
  const { visits, mailboxes, limits } = parts;
  return bind(auth.RestRegistrationServiceDefinition, {
    async registerRestUser({ registration }, call) {
      const given = registration ?? auth.RestRegister.create();
      const { key, detail } = await visits.run(call, (visit) => register(parts, visit, given));
      return { key: key(), detail };
    },
    async resendRestEmail({ resend }, call) {
      const check = checkForm();
      const email = check.address('email', resend?.email ?? '');
      check.done();
      if (email !== '') await visits.run(call, (visit) => sendAgain(parts, visit, email));
      return { detail: 'ok' };
    },
    async verifyRestEmail({ verification }, call) {
      const check = checkForm();
      const key = check.text('key', verification?.key ?? '');
      check.done();
      await visits.run(call, async ({ tenant, settings, now }) => {
        const holder = await mailboxes.findByKey(tenant, key, now, settings.email_confirmation_expire_days);
        if (holder === undefined) throw common.NOT_FOUND();
        const { change_email: alone } = settings;
        const change = await mailboxes.verify(tenant, holder.user, holder.email, { alone });
        if ('refused' in change) throw common.NOT_FOUND();
      });
      return { detail: 'ok' };
    },
  });

  async function sendAgain({ gate }: RestParts, visit: Visit, email: string): Promise<void> {
    const { tenant } = visit;
    // Nobody has to be signed in for it: it counts as signing up does, for the address of whoever asks. The answer is the same.
    if (!(await limits.use(visit, 'signup'))) return;
    const holder = await mailboxes.holderOf(tenant, email);
    const all = holder === undefined ? [] : await mailboxes.list(tenant, holder.pk);
    const isWaiting = all.some((one) => one.email.toLowerCase() === email.toLowerCase() && !one.verified);
    const standing = isWaiting && holder ? await gate.admit(tenant, holder.pk) : undefined;
    await sendVerification(parts, visit, { user: standing?.user, email });
  }
}

type Outcome = { readonly key: () => string | undefined; readonly detail: string | undefined };

/** Throws field errors. */
async function register(parts: RestParts, visit: Visit, given: auth.RestRegister): Promise<Outcome> {
  const { tenant, settings } = visit;
  if (!settings.signup_open) throw wrongAsAWhole('Registration is disabled.');
  if (!(await parts.limits.use(visit, 'signup'))) throw restAuthErrors.REST_THROTTLED();
  const isMandatory = settings.email_verification === 'mandatory';
  const applicant = await applicantOf(parts, visit, given, isMandatory);
  const { email } = applicant;
  const isKnown = email !== '' && (await parts.mailboxes.isTaken(tenant, 0, email));
  if (isKnown && isMandatory && settings.enumeration !== 'allowed') return pretend(parts, visit, applicant);
  const check = checkForm();
  if (isKnown) check.wrong('email', 'A user is already registered with this e-mail address.');
  check.done();
  const made = await parts.registration.register(tenant, applicant);
  if (made.kind === 'refused') check.wrong(made.field, made.problem.message);
  check.done();
  if (made.kind === 'refused') throw common.INVALID_ARGUMENT();
  const { account, keep, undo } = made.registered;
  visit.undo.push(undo);
  visit.effects.push(keep);
  if (email !== '' && settings.email_verification !== 'none')
    await sendVerification(parts, visit, { user: account, email });
  if (isMandatory) return SENT;
  const done = await signIn(parts, visit, account, { by: '', isSignup: true });
  // They have an account, and need more than this API asks for to sign in.
  return 'refused' in done ? { key: () => undefined, detail: done.refused.message } : { ...done, detail: undefined };
}

type Applicant = Parameters<RestParts['registration']['register']>[1];

/** What passed the rules. Throws field errors. */
async function applicantOf(
  { registration, passwordProblems }: RestParts,
  { tenant, settings }: Visit,
  given: auth.RestRegister,
  isMandatory: boolean,
): Promise<Applicant> {
  const check = checkForm();
  const username = check.text('username', given.username);
  const email = check.address('email', given.email);
  const password = check.text('password1', given.password1);
  const again = check.text('password2', given.password2);
  if (username !== '') {
    const problems = usernameProblems(username);
    check.wrong('username', ...problems.map(({ message }) => message));
    if (problems.length === 0 && (await registration.isUsernameTaken(tenant, username)))
      check.wrong('username', RULES.username_taken.message);
  }
  if (email === '' && (isMandatory || settings.signup_fields.includes('email*')))
    check.wrong('email', 'This field is required.');
  if (email !== '' && check.isFine('email'))
    check.wrong('email', ...domainProblems(email, settings.signup_domains).map(({ message }) => message));
  if (password !== '')
    check.wrong('password1', ...(await passwordProblems(password, { username, email })).map(({ message }) => message));
  check.done();
  if (password !== again) throw wrongAsAWhole("The two password fields didn't match.");
  return { username, email, password, group: settings.signup_group, mayShareAddress: true };
}

/** Somebody reads the address already: they are told, and whoever asks is not. */
async function pretend(parts: RestParts, visit: Visit, applicant: Applicant): Promise<Outcome> {
  const { tenant, settings, client } = visit;
  await parts.registration.pretend(tenant, applicant);
  const { email } = applicant;
  const url = frontendUrl(settings, parts.siteOf(visit), 'account_reset_password');
  const mail = { tenant, kind: 'account_exists', to: email, host: client.host, context: { url, email } } as const;
  // Who tries again and again is told the same, and the reader is not told each time.
  if (await parts.limits.use(visit, 'confirm_email_by_link', email))
    visit.effects.push((tx) => parts.accountMails.send(tx, mail));
  return SENT;
}
