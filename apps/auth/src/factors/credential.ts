import type { AuthenticatorTransport, WebAuthnCredential } from '@simplewebauthn/server';
import type { Device } from '../devices/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../plans/index.ts';

/** A passkey as its device keeps it. */
export type StoredCredential = WebAuthnCredential & {
  /** For whom it was made. */
  readonly userHandle: string;
};

/** What a device keeps of a passkey. Nothing of it is secret. */
export function credentialData(
  { publicKey, counter, transports }: WebAuthnCredential,
  about: { readonly user_handle: string; readonly rp_id: string; readonly aaguid: string; readonly backed_up: boolean },
): JsonObject {
  const key = Buffer.from(publicKey).toString('base64url');
  return { public_key: key, counter, transports: transports ?? [], ...about };
}

/** The passkey of a device; undefined for data that is none. */
export function credentialOf({ naturalKey, data }: Device): StoredCredential | undefined {
  const { public_key, counter, user_handle } = data;
  if (naturalKey === null || typeof public_key !== 'string' || typeof counter !== 'number') return undefined;
  return {
    id: naturalKey,
    publicKey: new Uint8Array(Buffer.from(public_key, 'base64url')),
    counter,
    userHandle: typeof user_handle === 'string' ? user_handle : '',
  };
}

const TRANSPORTS: readonly AuthenticatorTransport[] = ['ble', 'hybrid', 'internal', 'nfc', 'usb'];

/** The ways to an authenticator that it says it has. */
export function transportsOf(value: JsonValue | undefined): AuthenticatorTransport[] {
  return Array.isArray(value) ? TRANSPORTS.filter((transport) => value.includes(transport)) : [];
}

/** How options name a passkey: with the ways to reach it, where it said so. */
export function descriptorOf({ naturalKey, data }: Device): JsonObject {
  const transports = transportsOf(data.transports);
  const named = { id: naturalKey ?? '', type: 'public-key' };
  return transports.length === 0 ? named : { ...named, transports };
}

/** A text among what a browser sent; empty for anything else. */
export function textIn(value: JsonValue | undefined, name: string): string {
  const found = isJsonObject(value) ? value[name] : undefined;
  return typeof found === 'string' ? found : '';
}
