import { AUTHENTICATION, ok } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { noteMethod, type Visit } from '../headless.visit.ts';
import { type FactorChecks, factorRecord, passedWith, whileWaiting } from '../mfa/index.ts';
import { challengeOf, forgetChallenge, keepChallenge } from './challenges.ts';
import { credentialField } from './credential.field.ts';

/** Whether a tenant has passkeys. */
export const isServed = ({ settings }: Visit) => settings.mfa_supported_types.includes('webauthn');
const signsIn = (visit: Visit) => isServed(visit) && visit.settings.mfa_passkey_login_enabled;

/** Asks for a passkey as the second factor of a login. */
export const askInLogin = ({ pipeline }: HeadlessParts, checks: FactorChecks) =>
  operation({
    isServed,
    async run(visit) {
      const user = pipeline.waiting(visit, 'mfa_authenticate')?.user;
      if (user === undefined) return AUTHENTICATION;
      const { options, challenge } = await checks.ask(visit, user);
      keepChallenge(visit, 'authenticate', challenge);
      return ok({ request_options: options });
    },
  });

/** A passkey as the second factor of a login. */
export const authenticate = (parts: HeadlessParts, checks: FactorChecks) =>
  operation({
    isServed,
    form: whileWaiting(parts, 'mfa_authenticate', { credential: credentialField() }),
    async run(visit, { credential }) {
      const user = parts.pipeline.waiting(visit, 'mfa_authenticate')?.user;
      if (user === undefined) return AUTHENTICATION;
      const { challenge } = challengeOf(visit, 'authenticate');
      const checked = await checks.passkey(visit, user, Object(credential), challenge);
      if ('answer' in checked) return checked.answer;
      forgetChallenge(visit);
      return passedWith(parts, visit, checked.device);
    },
  });

/** Asks for a passkey to show once more who one is. */
export const askAgain = (checks: FactorChecks) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    isServed,
    async run(visit) {
      const { options, challenge } = await checks.ask(visit, visit.person.pk);
      keepChallenge(visit, 'reauthenticate', challenge);
      return ok({ request_options: options });
    },
  });

/** A passkey that shows once more who one is. */
export const reauthenticate = (checks: FactorChecks) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    isServed,
    form: { credential: credentialField() },
    async run(visit, { credential }) {
      const { challenge } = challengeOf(visit, 'reauthenticate');
      const checked = await checks.passkey(visit, visit.person.pk, credential, challenge);
      if ('answer' in checked) return checked.answer;
      forgetChallenge(visit);
      noteMethod(visit, { ...factorRecord(checked.device), reauthenticated: true });
      return AUTHENTICATION;
    },
  });

/** Asks for a passkey that says whose it is. */
export const askForLogin = (checks: FactorChecks) =>
  operation({
    isServed: signsIn,
    async run(visit) {
      const { options, challenge } = await checks.ask(visit);
      keepChallenge(visit, 'login', challenge);
      return ok({ request_options: options });
    },
  });

/** Signs in by passkey alone. */
export const logIn = ({ pipeline }: HeadlessParts, checks: FactorChecks) =>
  operation({
    isServed: signsIn,
    form: { credential: credentialField() },
    async run(visit, { credential }) {
      const { challenge } = challengeOf(visit, 'login');
      const checked = await checks.passwordless(visit, credential, challenge);
      if ('answer' in checked) return checked.answer;
      forgetChallenge(visit);
      const { device } = checked;
      const record = { ...factorRecord(device), passwordless: true };
      return pipeline.begin(visit, { user: device.user, by: 'mfa', record });
    },
  });
