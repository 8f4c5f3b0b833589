import type { Device, UserVerification } from '../devices/index.ts';
import type { JsonObject } from '../plans/index.ts';
import { descriptorOf } from './credential.ts';
import { type RelyingParty, userHandleOf } from './relying-party.ts';

/** Algorithms of keys, as COSE numbers them: ES256, EdDSA, ES512, PS256 to PS512, RS256 to RS512. */
export const ALGORITHMS: readonly number[] = [-7, -8, -36, -37, -38, -39, -257, -258, -259];

/** Milliseconds that a browser gives people. */
export const TIMEOUT_MS = 60_000;

/** What a registration is asked with. */
export type Registration = {
  readonly userVerification: UserVerification;
  /** Whether the passkey has to know whom it is for, so that nobody need say who they are. */
  readonly residentKey: UserVerification;
  /** Those of the machine itself, or those that are carried about; undefined for either. */
  readonly attachment?: 'platform' | 'cross-platform' | undefined;
  readonly user: { readonly uuid: string; readonly name: string; readonly displayName: string };
  readonly party: RelyingParty;
  readonly title: string;
  /** Passkeys that the person has already: the same authenticator is not set up twice. */
  readonly known: readonly Device[];
  /** Fresh and unguessable, base64url. It counts for the next answer alone. */
  readonly challenge: string;
};

/** Options of `navigator.credentials.create`, as JSON (WebAuthn Level 3, section 5.4). */
export function registrationOptions(registration: Registration): JsonObject {
  const { user, party, title, known, challenge, residentKey, userVerification, attachment } = registration;
  return {
    rp: { name: title, id: party.id },
    user: { id: userHandleOf(user.uuid), name: user.name, displayName: user.displayName },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: known.map(descriptorOf),
    authenticatorSelection: {
      ...(attachment === undefined ? {} : { authenticatorAttachment: attachment }),
      residentKey,
      requireResidentKey: residentKey === 'required',
      userVerification,
    },
    attestation: 'none',
  };
}
