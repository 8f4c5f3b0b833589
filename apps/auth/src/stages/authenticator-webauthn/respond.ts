import {
  type RegistrationResponseJSON,
  type VerifiedRegistrationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { decodeAttestationObject, decodeClientDataJSON, isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers';
import type { DeviceStore, NewDevice } from '../../devices/index.ts';
import { fieldError, type JsonObject, type StageEffect, StageRefused, type StageVisit } from '../../plans/index.ts';
import type { StageAccount } from '../stage.ports.ts';
import { ALGORITHMS } from './challenge.ts';
import { credentialData, textIn, transportsOf } from './credential.ts';
import { relyingPartyOf, userHandleOf } from './relying-party.ts';
import type { AuthenticatorWebauthnSettings } from './settings.ts';

type Visit = StageVisit<AuthenticatorWebauthnSettings>;

/** A passkey that a browser made, or why it is none. */
export type Registered = { readonly device: NewDevice } | { readonly failure: string };

/**
 * Judges what a browser made (WebAuthn Level 3, section 7.1). User verification is demanded where the stage requires it. Nobody
 * asked who made the authenticator, so a statement about it is not looked at: judging one would mean to fetch what it names.
 */
export async function readRegistration(visit: Visit, account: StageAccount, sent: JsonObject): Promise<Registered> {
  const party = relyingPartyOf(visit.request);
  try {
    const response = withoutAttestation(registrationOf(sent));
    refuseFrames(response.response.clientDataJSON);
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: textIn(visit.memory, 'challenge'),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: visit.settings.user_verification === 'required',
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (registrationInfo === undefined) return { failure: 'The registration could not be verified' };
    return { device: deviceOf(visit, account, party.id, registrationInfo) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Keeps a new passkey; refuses one that somebody of the tenant has already. */
export function keepPasskey(devices: Pick<DeviceStore, 'add'>, device: NewDevice, { request }: Visit): StageEffect {
  return async (tx) => {
    const kept = await devices.add(tx, device, request);
    if (kept === undefined) throw new StageRefused({ response: [fieldError('Credential ID already exists.')] });
    return undefined;
  };
}

function deviceOf(
  { stage }: Visit,
  account: StageAccount,
  rpId: string,
  { credential, aaguid, credentialBackedUp }: NonNullable<VerifiedRegistrationResponse['registrationInfo']>,
): NewDevice {
  const about = { user_handle: userHandleOf(account.uuid), rp_id: rpId, aaguid, backed_up: credentialBackedUp };
  return {
    user: account.pk,
    class: 'webauthn',
    name: 'WebAuthn Device',
    stage: stage.pk,
    naturalKey: credential.id,
    data: credentialData(credential, about),
    // Its counter goes up only (WebAuthn Level 3, section 6.1.1); zero is the counter of those that do not count.
    ...(credential.counter > 0 ? { lastStep: credential.counter } : {}),
  };
}

/** A ceremony inside a page of somebody else is none of ours. */
export function refuseFrames(clientData: string): void {
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

function withoutAttestation(sent: RegistrationResponseJSON): RegistrationResponseJSON {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(sent.response.attestationObject));
  const plain = new Map<string, string | Uint8Array<ArrayBuffer> | Map<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', decoded.get('authData')],
  ]);
  const attestationObject = isoBase64URL.fromBuffer(isoCBOR.encode(plain));
  return { ...sent, response: { ...sent.response, attestationObject } };
}
