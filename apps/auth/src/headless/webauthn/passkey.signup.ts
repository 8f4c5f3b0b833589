import { CONFLICT } from '../headless.answer.ts';
import { optionalText } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import type { Visit } from '../headless.visit.ts';
import type { LoginStage } from '../login.pipeline.ts';
import type { Authenticators, Owner } from '../mfa/index.ts';
import { LONGEST_NAME } from './authenticators.ts';
import { credentialField } from './credential.field.ts';
import { isServed } from './passkey.answers.ts';
import { type Registrations, WRONG_CREDENTIAL } from './registrations.ts';

/** Whether a tenant lets people sign up by passkey. */
export const signsUp = (visit: Visit) => isServed(visit) && visit.settings.mfa_passkey_signup_enabled;

/** Waits for the passkey of whoever signs up without a password: their login was begun with a memory of this step. */
export function createPasskeySignupStage(): LoginStage {
  return {
    id: 'mfa_signup_webauthn',
    async enter(_visit, { isSignup, user, memory }) {
      const isWanted = isSignup && user !== undefined && memory.mfa_signup_webauthn !== undefined;
      return isWanted ? { kind: 'wait', memory: {} } : { kind: 'pass' };
    },
  };
}

/** Asks for the passkey of whoever signs up. */
export const askAtSignup = (parts: HeadlessParts, registrations: Registrations) =>
  operation({
    isServed: signsUp,
    async run(visit) {
      const owner = await newcomerOf(parts, visit);
      return owner === undefined ? CONFLICT : registrations.ask(visit, owner, 'signup');
    },
  });

/** Keeps the passkey of whoever signs up, and signs them in. */
export const finishSignup = (parts: HeadlessParts, authenticators: Authenticators, registrations: Registrations) =>
  operation({
    isServed: signsUp,
    form: { name: optionalText(LONGEST_NAME), credential: credentialField() },
    async run(visit, made) {
      const owner = await newcomerOf(parts, visit);
      if (owner === undefined) return CONFLICT;
      const read = await registrations.read(visit, owner, made, ['signup']);
      if ('answer' in read) return read.answer;
      visit.effects.push(authenticators.keep(visit, owner, read.device, WRONG_CREDENTIAL).effect);
      return parts.pipeline.pass(visit);
    },
  });

/** Who waits for their first passkey. */
async function newcomerOf({ pipeline, gate }: HeadlessParts, visit: Visit): Promise<Owner | undefined> {
  const user = pipeline.waiting(visit, 'mfa_signup_webauthn')?.user;
  return user === undefined ? undefined : (await gate.admit(visit.tenant, user, visit.call))?.user;
}
