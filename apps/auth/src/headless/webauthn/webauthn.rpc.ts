import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { HeadlessParts } from '../headless.parts.ts';
import { createAccountChanges, createAuthenticators, createFactorChecks } from '../mfa/index.ts';
import { addNew, askForNew, remove, rename } from './authenticators.ts';
import { askAgain, askForLogin, askInLogin, authenticate, logIn, reauthenticate } from './passkey.answers.ts';
import { askAtSignup, finishSignup } from './passkey.signup.ts';
import { createRegistrations } from './registrations.ts';

/** Serves passkeys and security keys. */
export function createWebauthnRpc(parts: HeadlessParts): BoundService {
  const { serve } = parts.frame;
  const checks = createFactorChecks(parts);
  const authenticators = createAuthenticators(parts);
  const registrations = createRegistrations(parts, authenticators);
  const account = createAccountChanges(authenticators, parts.notices);
  const own = { authenticators, registrations, account };
  return bind(auth.HeadlessWebauthnServiceDefinition, {
    askInLogin: serve(askInLogin(parts, checks)),
    authenticate: serve(authenticate(parts, checks)),
    askAgain: serve(askAgain(checks)),
    reauthenticate: serve(reauthenticate(checks)),
    askForLogin: serve(askForLogin(checks)),
    logIn: serve(logIn(parts, checks)),
    askAtSignup: serve(askAtSignup(parts, registrations)),
    finishSignup: serve(finishSignup(parts, authenticators, registrations)),
    askForPasskey: serve(askForNew(own)),
    addPasskey: serve(addNew(own)),
    renamePasskey: serve(rename(own)),
    removePasskeys: serve(remove(own)),
  });
}
