import type { Device } from '../../devices/index.ts';
import type { JsonObject, StageOutcome } from '../../plans/index.ts';
import type { StageAccount } from '../stage.ports.ts';
import { descriptorOf } from './credential.ts';
import { type RelyingParty, userHandleOf } from './relying-party.ts';
import type { AuthenticatorWebauthnSettings } from './settings.ts';

/** Algorithms of keys, as COSE numbers them: ES256, EdDSA, ES512, PS256 to PS512, RS256 to RS512. */
export const ALGORITHMS: readonly number[] = [-7, -8, -36, -37, -38, -39, -257, -258, -259];

/** Milliseconds that a browser gives people. */
export const TIMEOUT_MS = 60_000;

/** What a registration is asked with. */
export type Registration = {
  readonly settings: AuthenticatorWebauthnSettings;
  readonly account: StageAccount;
  readonly party: RelyingParty;
  readonly title: string;
  /** Passkeys that the person has already: the same authenticator is not set up twice. */
  readonly known: readonly Device[];
  /** Fresh and unguessable, base64url. It counts for the next answer alone. */
  readonly challenge: string;
};

/** Asks for a new passkey. */
export function askRegistration(registration: Registration): StageOutcome {
  return {
    kind: 'challenge',
    memory: { challenge: registration.challenge },
    challenge: {
      component: 'ak-stage-authenticator-webauthn',
      withUser: true,
      fields: { registration: registrationOptions(registration) },
    },
  };
}

/** Options of `navigator.credentials.create`, as JSON (WebAuthn Level 3, section 5.4). */
function registrationOptions({ settings, account, party, title, known, challenge }: Registration): JsonObject {
  const { user_verification, resident_key_requirement, authenticator_attachment } = settings;
  return {
    rp: { name: title, id: party.id },
    user: { id: userHandleOf(account.uuid), name: account.username, displayName: account.name },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: known.map(descriptorOf),
    authenticatorSelection: {
      ...(authenticator_attachment === undefined ? {} : { authenticatorAttachment: authenticator_attachment }),
      residentKey: resident_key_requirement,
      requireResidentKey: resident_key_requirement === 'required',
      userVerification: user_verification,
    },
    attestation: 'none',
  };
}
