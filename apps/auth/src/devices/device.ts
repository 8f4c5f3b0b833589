import type { JsonObject } from '../plans/index.ts';

/** Kinds of devices that prove who somebody is. */
export const DEVICE_CLASSES = ['duo', 'sms', 'static', 'totp', 'webauthn'] as const;

/** A kind of device. */
export type DeviceClass = (typeof DEVICE_CLASSES)[number];

/** A device of somebody: an authenticator app, a phone, a passkey, a list of codes. */
export type Device = {
  readonly pk: number;
  /** Key of its owner. */
  readonly user: number;
  readonly class: DeviceClass;
  readonly name: string;
  /** Only confirmed devices prove anything. */
  readonly confirmed: boolean;
  /** Stage that set it up; null when it is gone, or there was none. */
  readonly stage: string | null;
  /** What no two devices of a class share, such as the id of a credential; null where nothing does. */
  readonly naturalKey: string | null;
  /** What its class keeps beside the secret. Nothing secret. */
  readonly data: JsonObject;
  /** Sealed at rest, in clear here; empty where the class needs none. Goes into no plan, event, log or answer. */
  readonly secret: string;
  readonly created: Date;
  readonly lastUsed: Date | null;
};

/** A device to be kept. */
export type NewDevice = {
  readonly user: number;
  readonly class: DeviceClass;
  readonly name: string;
  /** Default: true. */
  readonly confirmed?: boolean;
  readonly stage?: string | null;
  readonly naturalKey?: string | null;
  readonly data?: JsonObject;
  readonly secret?: string;
  /** The last time step whose code was accepted. */
  readonly lastStep?: number;
  /** Codes that each work once; only their hashes are kept. */
  readonly codes?: readonly string[];
};
