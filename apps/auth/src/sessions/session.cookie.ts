import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Cookie } from '@postern/rpc';
import { createClaimSigner } from '../cookies/index.ts';

/** Name of the cookie, as clients of the contract know it. */
export const SESSION_COOKIE = 'authentik_session';

/** What a cookie says. Whether somebody is signed in is not believed: the session's row says so. */
export type SessionClaim = {
  /** Key of the session. */
  readonly key: string;
  /** Whether the session ever had a row to look for. */
  readonly authenticated: boolean;
};

/** A cookie to set. */
export type CookieRequest = {
  /** Scheme of the request: only over `https` may the cookie be marked for it. */
  readonly scheme: string;
  /** Name of the user in protocols; undefined for nobody. */
  readonly uid?: string;
  /** Seconds that the browser keeps it; 0 ends it with the browser. */
  readonly seconds: number;
  /** A secret that was made elsewhere, of at least 160 random bits. Default: a new one. */
  readonly secret?: string | undefined;
};

/** Makes and reads the cookie of a session. */
export type SessionCookies = {
  /** A new secret in a cookie, and the key of the session it opens. */
  mint(request: CookieRequest): Promise<{ key: string; cookie: Cookie }>;
  /** What a cookie says; undefined for one that we did not make. */
  read(value: string): Promise<SessionClaim | undefined>;
};

const ISSUER = 'authentik';
const ACR = 'goauthentik.io/core/default';

/**
 * Creates cookies: a JWT (HS256) around 256 random bits. Only the browser has those bits; everything else knows the session by their hash,
 * so that no table, event or log can be turned into a cookie.
 *
 * @param secrets the installation's secrets: the first signs, all verify
 * @param domain domain that the cookie is shared with; its host alone by default
 */
export function createSessionCookies({
  secrets,
  domain,
}: {
  secrets: readonly string[];
  domain?: string | undefined;
}): SessionCookies {
  const keys = secrets.map((secret) =>
    Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/session-cookie/v1', 32)),
  );
  const signer = createClaimSigner(keys);
  return {
    async mint({ scheme, uid, seconds, secret }) {
      const sid = secret ?? randomBytes(32).toString('base64url');
      const value = signer.sign({
        sid,
        authenticated: uid !== undefined,
        acr: ACR,
        iss: ISSUER,
        sub: uid ?? 'anonymous',
      });
      const secure = scheme === 'https';
      const cookie: Cookie = {
        name: SESSION_COOKIE,
        value,
        path: '/',
        httpOnly: true,
        secure,
        sameSite: secure ? 'none' : 'lax',
        ...(domain === undefined ? {} : { domain }),
        ...(seconds > 0 ? { maxAge: Math.ceil(seconds) } : {}),
      };
      return { key: sessionKey(sid), cookie };
    },
    async read(value) {
      // Foreign, forged or cut: it opens no session, and the browser gets a new one.
      const { iss, sid, authenticated } = signer.open(value) ?? {};
      if (iss !== ISSUER || typeof sid !== 'string') return undefined;
      return { key: sessionKey(sid), authenticated: authenticated === true };
    },
  };
}

/** The key by which everything but the browser knows a session. */
export function sessionKey(sid: string): string {
  return createHash('sha256').update(sid).digest('base64url');
}
