import { randomBytes } from 'node:crypto';
import type { PosternError } from '@postern/errors';
import type { Cookie } from '@postern/rpc';
import { factorTypesOf, pendingLogin, type Visit } from '../headless/index.ts';
import { sessionContext } from '../sessions/index.ts';
import type { StageAccount } from '../stages/index.ts';
import { wrongAsAWhole } from './form.rules.ts';
import { factsOf } from './rest.caller.ts';
import { restAuthErrors } from './rest.errors.ts';
import type { RestParts } from './rest.parts.ts';

/** Somebody is signed in and has a key; or may not be, and nothing of it is left. */
export type SignedIn = { readonly key: () => string } | { readonly refused: PosternError };

/** How somebody showed who they are. */
export type SignInBy = {
  readonly by: 'password' | '';
  readonly isSignup?: boolean;
};

const CSRF_SECONDS = 31_449_600;

/**
 * Takes somebody who has shown who they are through the steps of a login. This API has no way to ask for a step that waits: nobody is signed in
 * then. The key is there once the visit is stored.
 */
export async function signIn(
  parts: RestParts,
  visit: Visit,
  account: StageAccount,
  { by, isSignup = false }: SignInBy,
): Promise<SignedIn> {
  const { tenant, client, settings } = visit;
  const factors = factorTypesOf(await parts.devices.ofUser(tenant, account.pk));
  if (settings.enforce_mfa || factors.length > 0) return { refused: restAuthErrors.REST_MFA_REQUIRED() };
  const before = { state: visit.state, effects: [...visit.effects], finishing: [...visit.finishing] };
  await parts.pipeline.begin(visit, {
    user: account.pk,
    by,
    isSignup,
    ...(by !== '' && { record: { method: by, username: account.username } }),
    // Whoever signs up here has got their mail already.
    ...(isSignup && { passed: ['verify_email'] }),
  });
  if (visit.ending?.kind !== 'sign-in') {
    const stage = pendingLogin(visit)?.stage;
    visit.state = before.state;
    visit.effects.splice(0, visit.effects.length, ...before.effects);
    visit.finishing.splice(0, visit.finishing.length, ...before.finishing);
    return {
      refused: stage === 'verify_email' ? wrongAsAWhole('E-mail is not verified.') : restAuthErrors.REST_MFA_REQUIRED(),
    };
  }
  let key = '';
  visit.effects.push(async (tx) => {
    const owner = { user: factsOf(account), client: visit.call.context.client };
    key = (await parts.accessKeys.obtain(tx, owner, '', sessionContext(tenant, account, client))).key;
  });
  visit.cookies.push(csrfCookie(client.scheme));
  return { key: () => key };
}

/** Whoever signs in gets another token for their forms: one that somebody planted before is worth nothing. */
function csrfCookie(scheme: string): Cookie {
  return {
    name: 'csrftoken',
    value: randomBytes(24).toString('base64url'),
    path: '/',
    secure: scheme === 'https',
    sameSite: 'lax',
    maxAge: CSRF_SECONDS,
  };
}
