import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { findByMethod, type Visit } from '../headless/index.ts';
import { INBUILT_BACKEND } from '../passwords/index.ts';
import { sessionContext } from '../sessions/index.ts';
import { checkForm, wrongAsAWhole } from './form.rules.ts';
import { presentedToken } from './rest.caller.ts';
import type { RestParts } from './rest.parts.ts';
import { type SignedIn, signIn } from './sign-in.ts';

/** Serves signing in and out. */
export function createRestSessionRpc(parts: RestParts): BoundService {
  return bind(auth.RestSessionServiceDefinition, {
    async logIn({ login }, call) {
      const { username, password } = credentialsOf(login ?? auth.RestLogin.create());
      const done = await parts.visits.run(call, (visit) => logIn(parts, visit, { username, password }));
      if ('refused' in done) throw done.refused;
      return { key: done.key() };
    },
    async logOut(_request, call) {
      await parts.visits.run(call, async (visit) => {
        endSession(parts, visit, call);
        await forgetToken(parts, visit, call);
      });
      return { detail: 'Successfully logged out.' };
    },
  });
}

/** Throws field errors. */
function credentialsOf({ username, email, password }: auth.RestLogin) {
  const check = checkForm();
  check.address('email', email);
  const given = { username: username.trim(), password: check.text('password', password) };
  check.done();
  if (given.username === '') throw wrongAsAWhole('Must include "username" and "password".');
  return given;
}

type Tried = { readonly username: string; readonly password: string };

/** Whether nobody has the name, or its password is another, takes the same time and says the same. Throws field errors. */
async function logIn(parts: RestParts, visit: Visit, { username, password }: Tried): Promise<SignedIn> {
  const { tenant, client } = visit;
  // Counted together with what is tried by the headless API.
  const key = `${client.host}:${username.toLowerCase()}`;
  if (!(await parts.limits.use(visit, 'login_failed', key)))
    throw wrongAsAWhole('Too many failed login attempts. Try again later.');
  const account = await findByMethod(parts, visit, 'username', username);
  const proof = await parts.passwords.verify(tenant, account, password, [INBUILT_BACKEND], { name: username, client });
  if (!account || !proof) throw wrongAsAWhole('Unable to log in with provided credentials.');
  visit.effects.push(
    (tx) => proof.settle(tx),
    (tx) => parts.limits.forgive(tx, visit, 'login_failed', key),
  );
  return signIn(parts, visit, account, { by: 'password' });
}

/**
 * Ends the session of the request. The gateway has asked whoever came by a session for proof that the page is ours; what else a browser holds
 * stays for those who gave none.
 */
function endSession({ sessions }: RestParts, visit: Visit, { context: { principal } }: Call): void {
  const { person, stored, tenant, client } = visit;
  if (principal.kind !== 'user') {
    // A login that waits is nobody's yet.
    if (person === undefined && stored !== undefined) visit.ending = { kind: 'flush' };
    return;
  }
  const key = principal.via === 'session' ? principal.session : person?.session;
  if (key === undefined) return;
  if (key === person?.session) visit.ending = { kind: 'flush' };
  // Whoever acts as somebody else is nobody to a visit, and signs out all the same.
  else {
    const context = sessionContext(tenant, principal.user, client);
    visit.effects.push((tx) => sessions.end(tx, { key }, 'logout', context));
  }
}

/** Deletes the access key that the request came with. Tokens that were made elsewhere stay: others may count on them. */
async function forgetToken({ tokens, accessKeys }: RestParts, visit: Visit, call: Call): Promise<void> {
  const { principal, tenant } = call.context;
  const token = presentedToken(call);
  if (token === undefined || principal.kind !== 'user' || principal.via !== 'api_token') return;
  const found = await tokens.findApi(tenant, token);
  if (found?.accessKey === undefined) return;
  const context = sessionContext(tenant, principal.user, visit.client);
  visit.effects.push((tx) => accessKeys.forget(tx, found.pk, found.user, context));
}
