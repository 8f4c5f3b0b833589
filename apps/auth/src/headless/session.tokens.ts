import { createHash, randomInt } from 'node:crypto';
import type { Cookie } from '@postern/rpc';
import type { FlowClient } from '../plans/index.ts';

/** Cookie of the browser client. */
export const SESSION_ID_COOKIE = 'sessionid';
/** Header of the app client. */
export const SESSION_TOKEN_HEADER = 'x-session-token';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 32;
const WELL_FORMED = /^[\w-]{20,128}$/;
/** How long a browser keeps the cookie, in seconds. */
const COOKIE_SECONDS = 14 * 24 * 60 * 60;

/** A new secret of a session: 165 bits. */
export function newSecret(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** The key by which everything but the client knows a session: the hash of its secret, as for sessions of browsers. */
export function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A secret as a client sent it; undefined for what is none. */
export function secretIn(sent: string | undefined): string | undefined {
  return sent !== undefined && WELL_FORMED.test(sent) ? sent : undefined;
}

/** Gives a browser its secret, or takes it away (undefined). */
export function sessionCookie(secret: string | undefined, { scheme }: Pick<FlowClient, 'scheme'>): Cookie {
  return {
    name: SESSION_ID_COOKIE,
    value: secret ?? '',
    path: '/',
    httpOnly: true,
    secure: scheme === 'https',
    sameSite: 'lax',
    maxAge: secret === undefined ? 0 : COOKIE_SECONDS,
  };
}

/** The key of the session of an app's token; undefined for what is none. */
export function sessionOfSecret(sent: string): string | undefined {
  const secret = secretIn(sent);
  return secret === undefined ? undefined : keyOf(secret);
}
