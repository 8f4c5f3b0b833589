import { domainProblems, usernameProblems } from '../../registration/index.ts';
import { type Answer, AUTHENTICATION, bad } from '../headless.answer.ts';
import { email } from '../headless.fields.ts';
import { problem } from '../headless.problems.ts';
import { Refused, type Visit } from '../headless.visit.ts';
import { askedFields, register, type SignupValues } from '../signup/index.ts';
import { inPlaceOfOthers } from './begin.login.ts';
import { failed, type Outcome } from './outcome.ts';
import type { Provider } from './provider.list.ts';
import type { SocialParts } from './social.parts.ts';
import { type Identity, waitForSignup } from './social.state.ts';

/** Whether somebody new may have an account because they have one elsewhere. */
export function isOpen({ settings }: Pick<Visit, 'settings'>): boolean {
  return settings.signup_open || settings.social_signup_open;
}

/** Somebody new: signed up at once where all that is needed is known, else asked for the rest. */
export async function signUp(
  parts: SocialParts,
  visit: Visit,
  identity: Identity,
  provider: Provider,
): Promise<Outcome> {
  if (!isOpen(visit)) return failed('signup_closed');
  const address = addressOf(identity);
  if (!visit.settings.social_auto_signup || isLacking(visit, address)) return ask(visit, identity);
  const username = await freeName(parts, visit, identity.username);
  const values = { username, email: address, email2: '', phone: '', password: '' };
  const answer = await makeAccount(parts, visit, { identity, provider }, values);
  const isRefused = answer.kind === 'plain' && answer.status === 400;
  return isRefused ? ask(visit, identity) : { answer };
}

/** Makes the account of somebody new, connects it, and signs them in as far as that goes. */
export function makeAccount(
  parts: SocialParts,
  visit: Visit,
  { identity, provider }: { readonly identity: Identity; readonly provider: Provider },
  values: SignupValues,
): Promise<Answer> {
  const { uid, name, email: said, email_verified } = identity;
  return inPlaceOfOthers(visit, () =>
    register(parts, visit, values, {
      by: 'socialaccount',
      record: { method: 'socialaccount', provider: provider.slug, uid },
      name,
      isVerified: email_verified && values.email !== '' && values.email === said,
      onMade({ account }) {
        visit.finishing.push(async () => {
          const isConnected = await parts.accountsElsewhere.connect(visit.tenant, account.pk, identity);
          // Somebody was quicker: there is no second account for one identity.
          if (!isConnected) throw new Refused(bad(problem('connected_other')));
        });
      },
    }),
  );
}

/** Asks them for the rest. Whoever was signed in is not any more. */
async function ask(visit: Visit, identity: Identity): Promise<Outcome> {
  const answer = await inPlaceOfOthers(visit, async () => AUTHENTICATION);
  visit.state = { ...visit.state, login: undefined };
  waitForSignup(visit, identity);
  return { answer };
}

/** Whether something is missing that has to be given. Names are made up. */
function isLacking({ settings }: Visit, address: string): boolean {
  const isFit = address === '' || domainProblems(address, settings.signup_domains).length === 0;
  const required = askedFields(settings, false).filter(({ isRequired }) => isRequired);
  return !isFit || required.some(({ name }) => (name === 'email' && address === '') || name === 'phone');
}

/** The address that a provider names, if it is one. */
export function addressOf(identity: Pick<Identity, 'email'>): string {
  const read = email()(identity.email, 'email');
  return 'value' in read ? read.value : '';
}

/** The name that somebody has elsewhere, if it is a good one here and nobody has it; empty for one that is made up. */
async function freeName({ registration }: SocialParts, { tenant }: Visit, name: string): Promise<string> {
  if (usernameProblems(name).length > 0) return '';
  return (await registration.isUsernameTaken(tenant, name)) ? '' : name;
}
