import { type Applicant, domainProblems, usernameProblems } from '../../registration/index.ts';
import { type Answer, AUTHENTICATION, bad } from '../headless.answer.ts';
import { email } from '../headless.fields.ts';
import { problem } from '../headless.problems.ts';
import { EMPTY_STATE } from '../headless.state.ts';
import { Refused, type Visit } from '../headless.visit.ts';
import { begin } from './begin.login.ts';
import { failed, type Outcome, WELCOME } from './outcome.ts';
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
  const { settings } = visit;
  if (!isOpen(visit)) return failed('signup_closed');
  const given = { email: addressOf(identity), username: '', phone: '' };
  const isEnough = settings.social_auto_signup && lacking(visit, given).length === 0;
  if (!isEnough) return ask(visit, identity);
  const username = await freeName(parts, visit, identity.username);
  const made = await register(parts, visit, { identity, provider }, { ...given, username });
  return made.kind === 'done' ? { answer: made.answer } : ask(visit, identity);
}

/** What somebody new is called, and where they are reached. Empty for what is not given. */
export type Given = Pick<Applicant, 'email' | 'username'> & { readonly phone: string };

/** What came of it: an answer, or the field that somebody else has. */
export type Made =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly field: 'username' | 'email'; readonly code: string; readonly message: string };

/** Makes the account of somebody new, connects it, and signs them in as far as that goes. */
export async function register(
  parts: SocialParts,
  visit: Visit,
  { identity, provider }: { readonly identity: Identity; readonly provider: Provider },
  { email: address, username, phone }: Given,
): Promise<Made> {
  const { settings, tenant } = visit;
  const isVerified = identity.email_verified && address !== '' && address === identity.email;
  const isMandatory = settings.email_verification === 'mandatory';
  const applicant: Applicant = {
    username,
    email: address,
    isVerified,
    name: identity.name,
    ...(phone === '' ? {} : { phone }),
    password: '',
    group: settings.signup_group,
    mayShareAddress: settings.enumeration === 'strict' && !isMandatory && !isVerified,
  };
  const made = await parts.registration.register(tenant, applicant);
  if (made.kind === 'refused') {
    const { field, problem: why } = made;
    const isSecret = field === 'email' && isMandatory && settings.enumeration !== 'allowed';
    return isSecret
      ? { kind: 'done', answer: await pretend(parts, visit, applicant) }
      : { kind: 'refused', field, ...why };
  }
  const { account, keep, undo } = made.registered;
  visit.undo.push(undo);
  visit.effects.push(keep);
  visit.finishing.push(async () => {
    const isConnected = await parts.accountsElsewhere.connect(tenant, account.pk, identity);
    if (!isConnected) throw new Refused(bad(problem('connected_other')));
  });
  const start = { user: account.pk, isSignup: true, ...(address === '' ? {} : { email: address }) };
  const { answer } = await begin(parts, visit, provider, identity, start);
  return { kind: 'done', answer };
}

/** The same as for a new account, for an address that somebody has: nothing tells that they have one. They are told by mail. */
async function pretend(parts: SocialParts, visit: Visit, applicant: Applicant): Promise<Answer> {
  await parts.registration.pretend(visit.tenant, applicant);
  const isSwitch = visit.person !== undefined;
  if (isSwitch) visit.state = EMPTY_STATE;
  waitForSignup(visit, undefined);
  const answer = await parts.pipeline.begin(visit, { by: '', isSignup: true, email: applicant.email });
  if (isSwitch && visit.ending === undefined) visit.ending = { kind: 'leave' };
  return answer;
}

/** Asks them for the rest. Whoever was signed in is not any more. */
function ask(visit: Visit, identity: Identity): Outcome {
  if (visit.person !== undefined) {
    visit.state = EMPTY_STATE;
    visit.ending = { kind: 'leave' };
  }
  visit.state = { ...visit.state, login: undefined };
  waitForSignup(visit, identity);
  return { ...WELCOME, answer: AUTHENTICATION };
}

/** Fields of a sign-up that are left when a provider has said who somebody is: no password, and no address twice. */
export function signupFields({ settings }: Pick<Visit, 'settings'>) {
  return settings.signup_fields
    .map((name) => ({ name: name.replace(/\*$/, ''), isRequired: name.endsWith('*') }))
    .filter((field): field is SignupField => ['email', 'username', 'phone'].includes(field.name));
}

type SignupField = { readonly name: 'email' | 'username' | 'phone'; readonly isRequired: boolean };

/** What cannot be made up, and was not said. Names are made up. */
function lacking(visit: Visit, given: Given): readonly SignupField[] {
  const isFit = domainProblems(given.email, visit.settings.signup_domains).length === 0;
  return signupFields(visit).filter(
    ({ name, isRequired }) =>
      (name !== 'username' && isRequired && given[name] === '') || (name === 'email' && given.email !== '' && !isFit),
  );
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
