/** Second factors of a test: codes of authenticator apps, and somebody who has one. */

import { generateSync } from 'otplib';
import { expect } from 'vitest';
import type { HeadlessClient, HeadlessHouse, Json } from './headless-house.fixture.ts';

/** Somebody as a house makes them. */
export type Somebody = Awaited<ReturnType<HeadlessHouse['person']>>;

/** What is said of a code. */
export const REQUIRED = { message: 'This field is required.', code: 'required', param: 'code' };
export const INCORRECT = { message: 'Incorrect code.', code: 'incorrect_code', param: 'code' };
export const TOO_MANY = {
  message: 'Too many failed login attempts. Try again later.',
  code: 'too_many_login_attempts',
  param: 'code',
};

/** The code of an authenticator app now. */
export const codeOf = (secret: string) => generateSync({ secret });

/** The flows that an answer tells. */
export function flowsOf({ data }: Json): readonly Json[] {
  const { flows } = Object(data);
  return Array.isArray(flows) ? flows : [];
}

/** Signs in by password. */
export async function signedIn(client: HeadlessClient, { username, password }: Somebody) {
  return client.post('/auth/login', { username, password });
}

/** Drives the second factors of the people of a house. */
export function factorsOf(house: HeadlessHouse) {
  /** Lets codes be tried that were used, and devices take answers that were tried wrongly, as time would. */
  const letTimePass = () => house.sql('update auth.device set last_step = null, locked_until = null, failures = 0');
  return {
    letTimePass,
    /** Makes the last proof of everybody an old one: no setting can turn back a clock. */
    askAgain: () => house.set({ reauthentication_timeout: 0 }),
    /** Somebody with an authenticator app, signed in. */
    async withTotp(kind: 'app' | 'browser' = 'app') {
      const somebody = await house.person();
      const client = house[kind]();
      await signedIn(client, somebody);
      const secret = String(Object((await client.get('/account/authenticators/totp')).body.meta).secret);
      const { status } = await client.post('/account/authenticators/totp', { code: codeOf(secret) });
      expect(status).toBe(200);
      await letTimePass();
      return { somebody, client, secret };
    },
  };
}
