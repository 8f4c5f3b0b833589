import { createHash, randomInt } from 'node:crypto';
import type { Cookie } from '@postern/rpc';
import type { FlowClient } from '../plans/index.ts';
import type { ClientKind } from './headless.visit.ts';

/** Cookie of the browser client. */
export const SESSION_ID_COOKIE = 'sessionid';
/** Header of the app client. */
export const SESSION_TOKEN_HEADER = 'x-session-token';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 32;
// The secrets of browsers look otherwise, so that neither can be used in place of the other: a cookie that was stolen is no token, and a token
// that was stolen is no cookie.
const BROWSERS = 'B';
const WELL_FORMED = { app: /^[a-z\d]{32}$/, browser: /^B[a-z\d]{32}$/ } as const satisfies Record<ClientKind, RegExp>;
/** How long a browser keeps the cookie, in seconds. */
const COOKIE_SECONDS = 14 * 24 * 60 * 60;

/** A new secret of a session of such a client: 165 bits. */
export function newSecret(kind: ClientKind): string {
  const random = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return kind === 'browser' ? `${BROWSERS}${random}` : random;
}

/** The key by which everything but the client knows a session: the hash of its secret, as for sessions of browsers. */
export function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A secret as such a client sent it; undefined for what is none, or is one of the other kind of clients. */
export function secretIn(sent: string | undefined, kind: ClientKind): string | undefined {
  return sent !== undefined && WELL_FORMED[kind].test(sent) ? sent : undefined;
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
  const secret = secretIn(sent, 'app');
  return secret === undefined ? undefined : keyOf(secret);
}

/** The key of the session of a browser's cookie; undefined for what is none. */
export function sessionOfCookie(sent: string): string | undefined {
  const secret = secretIn(sent, 'browser');
  return secret === undefined ? undefined : keyOf(secret);
}
