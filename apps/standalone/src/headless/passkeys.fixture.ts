/** Passkeys of a test, and somebody who has one. */

import { createSoftwareAuthenticator, type Deviation } from '@postern/testkit';
import { expect } from 'vitest';
import { signedIn } from './factors.fixture.ts';
import type { HeadlessHouse, Json } from './headless-house.fixture.ts';

/** Where somebody keeps their passkeys. */
export const PATH = '/account/authenticators/webauthn';

/** What is said of a credential. */
export const REQUIRED = { message: 'This field is required.', code: 'required', param: 'credential' };
export const INVALID = { message: 'Enter a valid JSON.', code: 'invalid', param: 'credential' };
export const INCORRECT = { message: 'Incorrect code.', code: 'incorrect_code', param: 'credential' };

/** A tenant that has passkeys for everything. */
export const PASSKEYS = {
  mfa_allow_unverified_email: true,
  mfa_passkey_login_enabled: true,
  mfa_passkey_signup_enabled: true,
  mfa_supported_types: ['recovery_codes', 'totp', 'webauthn'],
};

/** The options for the browser in an answer. */
export function optionsIn({ data }: Json): Json {
  const { creation_options, request_options } = Object(data);
  return Object(creation_options ?? request_options).publicKey;
}

/** A passkey that the browser says signs in alone. */
export function made(key: ReturnType<typeof createSoftwareAuthenticator>, options: Json, deviation?: Deviation) {
  return { ...key.create(options, deviation), clientExtensionResults: { credProps: { rk: true } } };
}

/** The flow of an answer that waits. */
export function pendingOf({ data }: Json): unknown {
  const { flows } = Object(data);
  return Array.isArray(flows) ? flows.find(({ is_pending }) => is_pending) : undefined;
}

/** Makes people of a house who are signed in and have a passkey. */
export function passkeysOf(house: HeadlessHouse) {
  return async (kind: 'app' | 'browser' = 'app') => {
    const somebody = await house.person();
    const client = house[kind]();
    await signedIn(client, somebody);
    const key = createSoftwareAuthenticator(house.url);
    const options = optionsIn((await client.get(`${PATH}?passwordless`)).body);
    const { body } = await client.post(PATH, { name: '', credential: made(key, options) });
    expect(body.status).toBe(200);
    return { somebody, client, key, id: Object(body.data).id };
  };
}
