import type { FlowRequest, FlowTransaction, JsonObject, ResponseErrors, StageVisit } from '../plans/index.ts';
import type { Device, DeviceClass } from './device.ts';

/** Whether a passkey has to make sure of its user, and not only of being there. */
export type UserVerification = 'required' | 'preferred' | 'discouraged';

/** A visit to the stage that asks for a second factor. */
export type DeviceVisit = StageVisit<{ readonly webauthn_user_verification: UserVerification }>;

/** As much of a visit as classes need that ask nobody elsewhere: they judge for others than stages, too. */
export type FactorVisit = {
  readonly request: Pick<FlowRequest, 'tenant' | 'client'>;
  readonly settings: { readonly webauthn_user_verification: UserVerification };
  /** Origins, besides that of the request, whose pages may ask for passkeys. Default: none. */
  readonly origins?: readonly string[];
};

/** What follows from a verdict; in the transaction of whoever asked for it. */
export type DeviceEffect = (tx: FlowTransaction) => Promise<undefined>;

/** What a class of devices asks. */
export type DeviceChallenge = {
  /** Key of the device that is asked; `-1` for nobody's in particular. */
  readonly device_uid: string;
  readonly challenge: JsonObject;
  /** Kept in the step of the plan until it is answered. Nothing secret in clear. */
  readonly memory?: JsonObject;
};

/** What came of an answer. */
export type DeviceVerdict =
  | {
      readonly ok: true;
      readonly device: Device;
      /**
       * Uses up what proved it: `takeStep`, `takeCode`, `succeeded` of the store. It throws StageRefused when that finds it used up, or
       * the device locked: everything is undone, and the person gets the refusal with its errors.
       */
      readonly effect: DeviceEffect;
    }
  | {
      readonly ok: false;
      readonly errors: ResponseErrors;
      /** Devices against which the answer counts as a wrong one. The stage counts, after every class had its say. */
      readonly tried?: readonly Device[];
      /** What `login_failed` tells beside the class, such as what a service answered. */
      readonly details?: JsonObject;
      /** What was remembered is decided, and the next answer begins anew. */
      readonly isOver?: true;
      readonly effect?: DeviceEffect;
    }
  | {
      /** Somebody has still to decide elsewhere. It is no wrong answer, and the same one is given again. */
      readonly ok: 'waiting';
      /** Takes the place of what was remembered. */
      readonly memory: JsonObject;
    };

/** Judges the answers of one class of devices. The devices it is given are those of the user that the stage admits, of its class. */
export type DeviceVerifier<Visit = DeviceVisit> = {
  readonly class: DeviceClass;
  /** Which field of the answer is for it. */
  readonly answerField: 'code' | 'webauthn' | 'duo';
  /** What this class asks with these devices, at least one; undefined when none of them can be used. Changes nothing, asks nobody elsewhere. */
  challenge(visit: Visit, devices: readonly Device[]): Promise<DeviceChallenge | undefined>;
  /** The person chose this device: SMS sends its code. Its memory takes the place of that of the challenge. */
  select?(
    visit: Visit,
    device: Device,
    memory: JsonObject,
  ): Promise<{ readonly memory?: JsonObject; readonly errors?: ResponseErrors; readonly effect?: DeviceEffect }>;
  /** Judges an answer. It writes in the effect of its verdict only. `memory` is that of the challenge or of the choice. */
  verify(
    visit: Visit,
    answer: string | JsonObject | number,
    devices: readonly Device[],
    memory: JsonObject,
  ): Promise<DeviceVerdict>;
  /** For nobody in particular (passkeys only): what is asked, and whose device answered. */
  readonly passwordless?: {
    challenge(visit: Visit): Promise<DeviceChallenge | undefined>;
    verify(visit: Visit, answer: JsonObject, memory: JsonObject): Promise<DeviceVerdict>;
  };
};
