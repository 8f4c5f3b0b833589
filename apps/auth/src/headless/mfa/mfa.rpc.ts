import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { ok } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { createAccountChanges } from './account.changes.ts';
import { encodePasskey, encodeRecoveryCodes, encodeTotp } from './authenticators.codec.ts';
import { type Authenticators, createAuthenticators } from './authenticators.ts';
import { createFactorChecks } from './factor.checks.ts';
import { getRecoveryCodes, newRecoveryCodes } from './recovery.codes.ts';
import { activateTotp, deactivateTotp, getTotp } from './totp.ts';
import type { TrustedBrowsers } from './trusted.browsers.ts';
import { authenticate, reauthenticate, trust } from './two.factors.ts';

/** Serves second factors. */
export function createMfaRpc(parts: HeadlessParts, trusted: TrustedBrowsers): BoundService {
  const { serve } = parts.frame;
  const authenticators = createAuthenticators(parts);
  const checks = createFactorChecks(parts);
  const account = createAccountChanges(authenticators, parts.notices);
  return bind(auth.HeadlessMfaServiceDefinition, {
    authenticate: serve(authenticate(parts, checks)),
    reauthenticate: serve(reauthenticate(checks)),
    trustBrowser: serve(trust(parts, trusted)),
    listAuthenticators: serve(listed(authenticators)),
    getTotp: serve(getTotp(parts, authenticators)),
    activateTotp: serve(activateTotp(account, authenticators)),
    deactivateTotp: serve(deactivateTotp(account, authenticators)),
    getRecoveryCodes: serve(getRecoveryCodes(authenticators)),
    newRecoveryCodes: serve(newRecoveryCodes(account, authenticators)),
  });
}

/** What somebody has, without anything that is secret. */
const listed = (authenticators: Authenticators) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    async run(visit) {
      const owned = await authenticators.of(visit, visit.person.pk);
      const codes = await authenticators.recoveryCodes(visit, owned);
      const [first] = codes?.devices ?? [];
      return ok(
        owned.flatMap((device) => {
          if (device.class === 'totp') return [encodeTotp(device)];
          if (device.class === 'webauthn') return [encodePasskey(device)];
          return codes !== undefined && device === first ? [encodeRecoveryCodes(codes)] : [];
        }),
      );
    },
  });
