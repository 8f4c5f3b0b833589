import { hkdfSync } from 'node:crypto';
import type { Cookie } from '@postern/rpc';
import { jwtVerify, SignJWT } from 'jose';

/** Name of the cookie, as clients of the contract know it. */
export const MFA_COOKIE = 'authentik_mfa';

/** Which device answered which stage. */
export type MfaProof = { readonly device: number; readonly stage: string };

/** Remembers in the browser that a second factor was proved a short while ago. */
export type MfaCookies = {
  /** The cookie; over https it comes back over https only. */
  mint(proof: MfaProof, options: { readonly seconds: number; readonly scheme: string }): Promise<Cookie>;
  /** The device that answered this stage, no longer ago than that; undefined for any other cookie. */
  read(value: string, stage: string, seconds: number): Promise<number | undefined>;
};

/** What the cookies are made with. */
export type MfaCookieDeps = {
  /** The installation's secrets: the first signs, all verify. */
  readonly secrets: readonly string[];
  readonly clock: () => Date;
};

/**
 * Creates the cookies: a JWT (HS256) with a key for each stage. It counts for its device alone, which has to be one of whoever signs in, and
 * goes out with the device, the stage, or a shorter time in the stage's settings.
 */
export function createMfaCookies({ secrets, clock }: MfaCookieDeps): MfaCookies {
  const keyOf = (secret: string, stage: string) =>
    new Uint8Array(hkdfSync('sha256', secret, stage, 'postern/auth/mfa-cookie/v1', 32));
  const now = () => clock().getTime() / 1000;
  return {
    async mint({ device, stage }, { seconds, scheme }) {
      const claims = { device, stage: hexOf(stage), exp: now() + seconds };
      const key = keyOf(secrets[0] ?? '', stage);
      const value = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key);
      const isSecure = scheme === 'https';
      const attributes = { path: '/', httpOnly: true, secure: isSecure, sameSite: 'lax' } as const;
      return { name: MFA_COOKIE, value, ...attributes, maxAge: Math.floor(seconds) };
    },
    async read(value, stage, seconds) {
      for (const secret of secrets) {
        const claims = await claimsOf(value, keyOf(secret, stage), clock());
        if (claims === undefined || claims.stage !== hexOf(stage)) continue;
        return claims.exp <= now() + seconds ? claims.device : undefined;
      }
      return undefined;
    },
  };
}

type Claims = { readonly device: number; readonly stage: string; readonly exp: number };

async function claimsOf(value: string, key: Uint8Array, currentDate: Date): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(value, key, { algorithms: ['HS256'], currentDate });
    const { device, stage, exp } = payload;
    return typeof device === 'number' && typeof stage === 'string' && exp !== undefined
      ? { device, stage, exp }
      : undefined;
  } catch {
    // Foreign, forged or over: it proves nothing, and the person is asked.
    return undefined;
  }
}

function hexOf(uuid: string): string {
  return uuid.replaceAll('-', '');
}
