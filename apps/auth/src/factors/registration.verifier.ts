import type { RegistrationResponseJSON, VerifiedRegistrationResponse } from '@simplewebauthn/server';
import type { NewDevice } from '../devices/index.ts';
import type { JsonObject } from '../plans/index.ts';
import { credentialData, textIn, transportsOf } from './credential.ts';
import { type PasskeyHelpers, passkeyLibrary } from './passkey.library.ts';
import { ALGORITHMS } from './registration.options.ts';
import { type RelyingParty, userHandleOf } from './relying-party.ts';

/** What a registration was asked with. */
export type AskedRegistration = {
  readonly party: RelyingParty;
  /** Empty for none: nothing answers it. */
  readonly challenge: string;
  readonly user: { readonly pk: number; readonly uuid: string };
  /** Whether the authenticator has to make sure of its user. */
  readonly needsVerification: boolean;
};

/** A passkey that a browser made, still without a name, or why it is none. */
export type Registered = { readonly device: Omit<NewDevice, 'name'> } | { readonly failure: string };

/**
 * Judges what a browser made (WebAuthn Level 3, section 7.1). User verification is demanded where it was asked for. Nobody
 * asked who made the authenticator, so a statement about it is not looked at: judging one would mean to fetch what it names.
 */
export async function readRegistration(asked: AskedRegistration, sent: JsonObject): Promise<Registered> {
  const { party, challenge, needsVerification } = asked;
  try {
    const { verifyRegistrationResponse, helpers } = await passkeyLibrary();
    const response = withoutAttestation(registrationOf(sent), helpers);
    refuseFrames(response.response.clientDataJSON, helpers);
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: [...party.origins],
      expectedRPID: party.id,
      requireUserVerification: needsVerification,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (registrationInfo === undefined) return { failure: 'The registration could not be verified' };
    return { device: deviceOf(asked, registrationInfo) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function deviceOf(
  { party, user }: AskedRegistration,
  { credential, aaguid, credentialBackedUp }: NonNullable<VerifiedRegistrationResponse['registrationInfo']>,
): Omit<NewDevice, 'name'> {
  const about = { user_handle: userHandleOf(user.uuid), rp_id: party.id, aaguid, backed_up: credentialBackedUp };
  return {
    user: user.pk,
    class: 'webauthn',
    naturalKey: credential.id,
    data: credentialData(credential, about),
    // Its counter goes up only (WebAuthn Level 3, section 6.1.1); zero is the counter of those that do not count.
    ...(credential.counter > 0 ? { lastStep: credential.counter } : {}),
  };
}

/** A ceremony inside a page of somebody else is none of ours. */
export function refuseFrames(clientData: string, { decodeClientDataJSON }: PasskeyHelpers): void {
  if (decodeClientDataJSON(clientData).crossOrigin === true) throw new Error('The ceremony ran inside a foreign page');
}

function registrationOf(sent: JsonObject): RegistrationResponseJSON {
  const { response } = sent;
  return {
    id: textIn(sent, 'id'),
    rawId: textIn(sent, 'rawId'),
    type: typeOf(sent),
    clientExtensionResults: {},
    response: {
      clientDataJSON: textIn(response, 'clientDataJSON'),
      attestationObject: textIn(response, 'attestationObject'),
      transports: transportsOf(
        typeof response === 'object' && response !== null && 'transports' in response ? response.transports : undefined,
      ),
    },
  };
}

/** What kind of credential it is; there is one kind. Throws for any other. */
export function typeOf(sent: JsonObject): 'public-key' {
  if (sent.type !== 'public-key') throw new Error('Unexpected credential type, expected "public-key"');
  return 'public-key';
}

function withoutAttestation(
  sent: RegistrationResponseJSON,
  { decodeAttestationObject, isoBase64URL, isoCBOR }: PasskeyHelpers,
): RegistrationResponseJSON {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(sent.response.attestationObject));
  const plain = new Map<string, string | Uint8Array<ArrayBuffer> | Map<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', decoded.get('authData')],
  ]);
  const attestationObject = isoBase64URL.fromBuffer(isoCBOR.encode(plain));
  return { ...sent, response: { ...sent.response, attestationObject } };
}
