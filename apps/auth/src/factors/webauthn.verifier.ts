import { randomBytes } from 'node:crypto';
import {
  DEVICE_MODELS,
  type Device,
  type DeviceEffect,
  type DeviceStore,
  type DeviceVerdict,
  type DeviceVerifier,
  type FactorVisit,
} from '../devices/index.ts';
import { fieldError, isJsonObject, type JsonObject, StageRefused } from '../plans/index.ts';
import { credentialOf, descriptorOf, type StoredCredential, textIn } from './credential.ts';
import { passkeyLibrary } from './passkey.library.ts';
import { TIMEOUT_MS } from './registration.options.ts';
import { refuseFrames, typeOf } from './registration.verifier.ts';
import { relyingPartyOf } from './relying-party.ts';

/** What judging passkeys needs. */
export type WebauthnVerifierDeps = {
  readonly devices: Pick<DeviceStore, 'byNaturalKey' | 'takeStep' | 'succeeded' | 'touch'>;
};

const INVALID_DEVICE = { webauthn: [fieldError('Invalid device')] };
const ASSERTION_FAILED = { webauthn: [fieldError('Assertion failed')] };

/** Nobody's device in particular. */
const ANYBODY = '-1';

/** An assertion that was verified. */
type Proof = { readonly counter: number; readonly backedUp: boolean };

/** Judges passkeys (WebAuthn Level 3, section 7.2). One challenge for all of a person's; any of them may answer. */
export function createWebauthnVerifier({
  devices,
}: WebauthnVerifierDeps): DeviceVerifier<FactorVisit> & Pick<Required<DeviceVerifier<FactorVisit>>, 'passwordless'> {
  const judge = async (visit: FactorVisit, answer: JsonObject, device: Device | undefined, rules: Rules) => {
    // Somebody else's passkey, and one that nobody has: no answer tells them apart.
    const credential = device?.confirmed === true ? credentialOf(device) : undefined;
    if (device === undefined || credential === undefined) return wrong(INVALID_DEVICE);
    const proof = await proofOf(visit, answer, credential, rules);
    if (proof === undefined) return wrong(ASSERTION_FAILED, { device: detailsOf(device) });
    return { ok: true, device, effect: usedUp(devices, device, proof) } as const;
  };
  return {
    class: 'webauthn',
    answerField: 'webauthn',
    // Passkeys of other hosts are named, too: whoever has one must not pass for somebody who has none.
    challenge: async (visit, owned) => asked(visit, String(owned[0]?.pk ?? ANYBODY), owned),
    verify: async (visit, answer, owned, memory) => {
      if (!isJsonObject(answer)) return wrong(INVALID_DEVICE);
      const device = owned.find(({ naturalKey }) => naturalKey === answer.id);
      return judge(visit, answer, device, { challenge: textIn(memory, 'challenge'), needsHandle: false });
    },
    passwordless: {
      challenge: async (visit) => asked(visit, ANYBODY, []),
      verify: async (visit, answer, memory) => {
        const device = await devices.byNaturalKey(visit.request.tenant, 'webauthn', textIn(answer, 'id'));
        return judge(visit, answer, device, { challenge: textIn(memory, 'challenge'), needsHandle: true });
      },
    },
  };
}

function asked(visit: FactorVisit, device_uid: string, owned: readonly Device[]) {
  const challenge = randomBytes(64).toString('base64url');
  return {
    device_uid,
    memory: { challenge },
    challenge: {
      challenge,
      timeout: TIMEOUT_MS,
      rpId: relyingPartyOf(visit).id,
      allowCredentials: owned.map(descriptorOf),
      userVerification: visit.settings.webauthn_user_verification,
    },
  };
}

type Rules = {
  readonly challenge: string;
  /** Nobody said who they are: the passkey has to say whom it is for. */
  readonly needsHandle: boolean;
};

async function proofOf(
  visit: FactorVisit,
  answer: JsonObject,
  credential: StoredCredential,
  { challenge, needsHandle }: Rules,
): Promise<Proof | undefined> {
  const party = relyingPartyOf(visit);
  try {
    const response = assertionOf(answer);
    const { userHandle } = response.response;
    if (userHandle === '' ? needsHandle : userHandle !== credential.userHandle) return undefined;
    const { verifyAuthenticationResponse, helpers } = await passkeyLibrary();
    refuseFrames(response.response.clientDataJSON, helpers);
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      credential,
      expectedChallenge: challenge,
      expectedOrigin: [...party.origins],
      expectedRPID: party.id,
      requireUserVerification: visit.settings.webauthn_user_verification === 'required',
    });
    if (!verified || challenge === '') return undefined;
    return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
  } catch {
    // The library throws for every answer that is no good; there is nothing to tell apart.
    return undefined;
  }
}

function assertionOf(sent: JsonObject) {
  const { response } = sent;
  return {
    id: textIn(sent, 'id'),
    rawId: textIn(sent, 'rawId'),
    type: typeOf(sent),
    clientExtensionResults: {},
    response: {
      clientDataJSON: textIn(response, 'clientDataJSON'),
      authenticatorData: textIn(response, 'authenticatorData'),
      signature: textIn(response, 'signature'),
      userHandle: textIn(response, 'userHandle'),
    },
  };
}

/** A counter that does not go up belongs to a copy (WebAuthn Level 3, section 6.1.1); also when two answers come at once. */
function usedUp(devices: WebauthnVerifierDeps['devices'], { pk }: Device, { counter, backedUp }: Proof): DeviceEffect {
  return async (tx) => {
    const isNew = counter > 0 ? await devices.takeStep(tx, pk, counter) : await devices.succeeded(tx, pk);
    if (!isNew) throw new StageRefused(ASSERTION_FAILED);
    await devices.touch(tx, pk, { data: { counter, backed_up: backedUp } });
    return undefined;
  };
}

function wrong(errors: typeof ASSERTION_FAILED, details?: JsonObject): DeviceVerdict {
  return { ok: false, errors, ...(details === undefined ? {} : { details }) };
}

function detailsOf({ pk, name }: Device): JsonObject {
  const [app = '', model_name = ''] = DEVICE_MODELS.webauthn.model.split('.');
  return { pk, name, app, model_name };
}
