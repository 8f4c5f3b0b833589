/**
 * What people prove themselves with beside their passwords: authenticator apps, phones, passkeys, lists of codes. One table for all
 * classes; secrets are sealed, codes are hashes. What uses something up, and what counts tries, is one statement.
 */

export { createDeviceCodes, type DeviceCodes } from './device.codes.ts';
export { DeviceEntity } from './device.entity.ts';
export { deviceFact } from './device.facts.ts';
export { DEVICE_MIGRATIONS } from './device.migrations.ts';
export { DEVICE_MODELS, type DeviceModel } from './device.models.ts';
export { DEVICE_REFERABLES } from './device.referable.ts';
export { createDeviceServices } from './device.rpc.ts';
export { createDeviceStore, type DeviceStore } from './device.store.ts';
export type { Device, DeviceClass, NewDevice } from './device.ts';
export { DEVICE_CLASSES } from './device.ts';
export type {
  DeviceChallenge,
  DeviceEffect,
  DeviceVerdict,
  DeviceVerifier,
  DeviceVisit,
  FactorVisit,
  UserVerification,
} from './verifier.ts';
