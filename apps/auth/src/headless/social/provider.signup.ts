import { domainProblems, namesFor, usernameProblems } from '../../registration/index.ts';
import { bad, CONFLICT, FORBIDDEN, ok } from '../headless.answer.ts';
import { email, type Field, type Fields, optional, phone, text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { Visit } from '../headless.visit.ts';
import { displayOf } from './connected.accounts.ts';
import type { Provider } from './provider.list.ts';
import { addressOf, isOpen, register, signupFields } from './sign-up.ts';
import type { SocialParts } from './social.parts.ts';
import { type Identity, pendingSignup, waitForSignup } from './social.state.ts';

/** Tells what is known of somebody new. */
export const showSignup = (parts: SocialParts) =>
  operation({
    async run(visit) {
      const found = await waiting(parts, visit);
      if (found === undefined) return CONFLICT;
      if (!isOpen(visit)) return FORBIDDEN;
      const { identity, provider } = found;
      const address = addressOf(identity);
      const { username, name, email_verified: verified } = identity;
      const [made = 'user'] = namesFor([address, name], () => 0);
      const user = {
        display: username || made,
        ...(address && { email: address }),
        has_usable_password: false,
        ...(username && { username }),
      };
      const account = {
        uid: identity.uid,
        provider: parts.providers.entry(provider),
        display: displayOf(identity) || provider.name,
      };
      return ok({ user, account, email: address === '' ? [] : [{ email: address, verified, primary: true }] });
    },
  });

/** Signs up somebody new who says the rest. */
export const signUpByProvider = (parts: SocialParts) =>
  operation({
    form: formOf,
    async run(visit, values) {
      const found = await waiting(parts, visit);
      if (found === undefined) return CONFLICT;
      if (!isOpen(visit)) return FORBIDDEN;
      const given = { email: textOf(values.email), username: textOf(values.username), phone: textOf(values.phone) };
      const made = await register(parts, visit, found, given);
      if (made.kind === 'done') {
        waitForSignup(visit, undefined);
        return made.answer;
      }
      const { field, code, message } = made;
      return bad({ message: code === 'email_taken' ? takenAt(found.provider) : message, code, param: field });
    },
  });

function takenAt({ name }: Provider): string {
  return `An account already exists with this email address. Please sign in to that account first, then connect your ${name} account.`;
}

type Waiting = { readonly identity: Identity; readonly provider: Provider };

/** Who waits, unless their provider is out of use meanwhile. */
async function waiting({ providers }: SocialParts, visit: Visit): Promise<Waiting | undefined> {
  const identity = visit.person === undefined ? pendingSignup(visit)?.identity : undefined;
  if (identity === undefined) return undefined;
  const provider = (await providers.all(visit.tenant)).find(({ pk }) => pk === identity.source);
  return provider?.takes_tokens || provider?.redirects ? { identity, provider } : undefined;
}

/** Where nobody waits, nothing is asked for. */
function formOf(visit: Visit): Fields {
  if (pendingSignup(visit) === undefined || !isOpen(visit)) return {};
  const kinds = { email: address(visit), username: username(), phone: phone() };
  return Object.fromEntries(
    signupFields(visit).map(({ name, isRequired }) => [name, isRequired ? kinds[name] : optional(kinds[name])]),
  );
}

function username(): Field<string> {
  return (raw, param) => {
    const read = text()(raw, param);
    if ('problems' in read) return read;
    const problems = usernameProblems(read.value);
    return problems.length === 0 ? read : { problems: problems.map((each) => ({ ...each, param })) };
  };
}

function address({ settings }: Visit): Field<string> {
  return (raw, param) => {
    const read = email()(raw, param);
    if ('problems' in read) return read;
    const problems = domainProblems(read.value, settings.signup_domains);
    return problems.length === 0 ? read : { problems: problems.map((each) => ({ ...each, param })) };
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
