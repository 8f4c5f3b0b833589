import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import type { Wire } from '../../executor/wire.codec.ts';

/**
 * Why a ceremony brought nothing. `cancelled` is a no by the person or their patience, `aborted` one by the page;
 * `known` a key that is registered already; `address` a page whose name the key does not accept.
 */
export type Trouble = 'unsupported' | 'cancelled' | 'aborted' | 'known' | 'address' | 'failed';

export type Ceremony = { readonly credential: object } | { readonly trouble: Trouble };

/** Whether this browser can do it here at all: some cannot, and none can on a page without HTTPS. */
export function canUseKeys(): boolean {
  return browserSupportsWebAuthn();
}

/** Makes a new key. `options` come from the server as they are. */
export function registerKey(options: Wire): Promise<Ceremony> {
  return run(() => startRegistration({ optionsJSON: options as Wire & PublicKeyCredentialCreationOptionsJSON }));
}

/** Proves to have a key. `options` come from the server as they are. */
export function proveKey(options: Wire): Promise<Ceremony> {
  return run(() => startAuthentication({ optionsJSON: options as Wire & PublicKeyCredentialRequestOptionsJSON }));
}

/** Proves to have a key that the person picks among what the browser fills in. Waits until they do, or for `abortCeremony`. */
export function proveFilledKey(options: Wire): Promise<Ceremony> {
  const optionsJSON = options as Wire & PublicKeyCredentialRequestOptionsJSON;
  return run(() => startAuthentication({ optionsJSON, useBrowserAutofill: true }));
}

/** Closes the browser's dialog, should it be open. */
export function abortCeremony(): void {
  WebAuthnAbortService.cancelCeremony();
}

async function run(ceremony: () => Promise<object>): Promise<Ceremony> {
  if (!canUseKeys()) return { trouble: 'unsupported' };
  try {
    return { credential: await ceremony() };
  } catch (error) {
    return { trouble: troubleOf(error instanceof Error ? error.name : '') };
  }
}

const TROUBLES: ReadonlyMap<string, Trouble> = new Map([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'aborted'],
  ['InvalidStateError', 'known'],
  ['SecurityError', 'address'],
]);

/** By the names that Web Authentication gives its errors (sections 5.1.3 and 5.1.4). */
export function troubleOf(name: string): Trouble {
  return TROUBLES.get(name) ?? 'failed';
}
