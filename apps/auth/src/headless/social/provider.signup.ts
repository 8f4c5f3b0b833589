import { namesFor } from '../../registration/index.ts';
import { bad, CONFLICT, FORBIDDEN, ok } from '../headless.answer.ts';
import type { Fields } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { Problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import { judgeSignup, signupForm } from '../signup/index.ts';
import { displayOf } from './connected.accounts.ts';
import type { Provider } from './provider.list.ts';
import { addressOf, isOpen, makeAccount } from './sign-up.ts';
import type { SocialParts } from './social.parts.ts';
import { type Identity, pendingSignup } from './social.state.ts';

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
    async run(visit, given) {
      const found = await waiting(parts, visit);
      if (found === undefined) return CONFLICT;
      if (!isOpen(visit)) return FORBIDDEN;
      const { values, problems } = await judgeSignup(parts, visit, given, false);
      const told = problems.map((one) => inWordsOf(found.provider, one));
      if (told.length > 0) return bad(...told);
      const answer = await makeAccount(parts, visit, found, values);
      if (answer.kind !== 'plain') return answer;
      return { ...answer, errors: (answer.errors ?? []).map((one) => inWordsOf(found.provider, one)) };
    },
  });

/** Whoever has an account with the address can connect the one elsewhere with it. */
function inWordsOf({ name }: Provider, one: Problem): Problem {
  if (one.code !== 'email_taken') return one;
  const message = `An account already exists with this email address. Please sign in to that account first, then connect your ${name} account.`;
  return { ...one, message };
}

type Waiting = { readonly identity: Identity; readonly provider: Provider };

/** Who waits, unless their provider is out of use meanwhile. */
async function waiting({ providers }: SocialParts, visit: Visit): Promise<Waiting | undefined> {
  const identity = visit.person === undefined ? pendingSignup(visit)?.identity : undefined;
  if (identity === undefined) return undefined;
  const provider = (await providers.all(visit.tenant)).find(({ pk }) => pk === identity.source);
  return provider?.takes_tokens || provider?.redirects ? { identity, provider } : undefined;
}

/** Where nobody waits, nothing is asked for. An address need not be typed twice by whoever was asked by somebody else before. */
function formOf(visit: Visit): Fields {
  if (pendingSignup(visit) === undefined || !isOpen(visit)) return {};
  const { email2: _, ...fields } = signupForm(visit, false);
  return fields;
}
