import { numberOf, textOf, wireOf } from '../executor/wire.codec.ts';
import type { Setup } from './setup.ts';

/** A second factor of somebody. */
export type Device = { readonly pk: number; readonly name: string; readonly deviceClass: string };

/** Reads an entry of `/authenticators/all/`; its class is in the name of its model, `authentik_stages_authenticator_totp.TOTPDevice`. */
export function decodeDevice(value: unknown): Device {
  const wire = wireOf(value);
  const [, deviceClass = ''] = /^authentik_stages_authenticator_(\w+)\./.exec(textOf(wire, 'type')) ?? [];
  return { pk: numberOf(wire, 'pk'), name: textOf(wire, 'name'), deviceClass };
}

/** Where a device is renamed and deleted. */
export function deviceAddress({ deviceClass, pk }: Device): string {
  return `/api/v3/authenticators/${encodeURIComponent(deviceClass)}/${pk}/`;
}

/** The class that a setup makes a device of; undefined for everything else, passwords above all. */
export function classOf({ component }: Setup): string | undefined {
  return /^ak-user-settings-authenticator-(\w+)$/.exec(component)?.[1];
}

/**
 * What somebody loses with a device: nothing, their `last` second factor, or all but their recovery codes (`codes-left`), which are used up some day.
 */
export function lossOf(devices: readonly Device[], device: Device): 'none' | 'last' | 'codes-left' {
  const others = devices.filter((other) => other.pk !== device.pk || other.deviceClass !== device.deviceClass);
  if (others.length === 0) return 'last';
  const isReal = ({ deviceClass }: Device) => deviceClass !== 'static';
  return isReal(device) && !others.some(isReal) ? 'codes-left' : 'none';
}
