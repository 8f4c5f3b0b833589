import { type Registration, registrationOptions } from '../../factors/index.ts';
import type { StageOutcome } from '../../plans/index.ts';
import type { StageAccount } from '../stage.ports.ts';
import type { AuthenticatorWebauthnSettings } from './settings.ts';

/** What the stage asks with. */
export type StageRegistration = Pick<Registration, 'party' | 'title' | 'known' | 'challenge'> & {
  readonly settings: AuthenticatorWebauthnSettings;
  readonly account: StageAccount;
};

/** Asks for a new passkey. */
export function askRegistration({ settings, account, ...registration }: StageRegistration): StageOutcome {
  const { user_verification, resident_key_requirement, authenticator_attachment } = settings;
  const options = registrationOptions({
    ...registration,
    user: { uuid: account.uuid, name: account.username, displayName: account.name },
    userVerification: user_verification,
    residentKey: resident_key_requirement,
    attachment: authenticator_attachment,
  });
  return {
    kind: 'challenge',
    memory: { challenge: registration.challenge },
    challenge: {
      component: 'ak-stage-authenticator-webauthn',
      withUser: true,
      fields: { registration: options },
    },
  };
}
