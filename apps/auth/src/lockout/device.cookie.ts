import { hkdfSync, randomBytes } from 'node:crypto';
import type { Cookie } from '@postern/rpc';
import { createClaimSigner } from '../cookies/index.ts';
import type { Attempt } from '../stages/index.ts';

/** Name of the cookie that tells a device again. */
export const DEVICE_COOKIE = 'postern_device';

/** A device, and who signed in with it. */
type KnownDevice = { readonly id: string; readonly users: readonly number[] };

/** Tells devices again that somebody signed in with before. */
export type Devices = {
  /** The device, if this account signed in with it; undefined for every other. */
  knownTo(tenant: string, user: number, client: Attempt['client']): Promise<string | undefined>;
  /** The cookie by which the device is known from now on, to this account and to those it was known to. */
  remember(tenant: string, user: number, client: Attempt['client'] & { readonly scheme: string }): Promise<Cookie>;
};

/** What telling devices again needs. */
export type DeviceDeps = {
  /** The installation's secrets: the first signs, all verify. */
  readonly secrets: readonly string[];
  /** Domain that the cookie is shared with; its host alone by default. */
  readonly domain?: string | undefined;
  /** How long a device is known, in milliseconds. */
  readonly lifeMs: number;
  readonly clock: { now(): Date };
};

const ISSUER = 'postern/device';
/** Accounts that one device is known to, the latest first: a family, not a computer pool. */
const MOST_USERS = 8;

/**
 * Creates what tells devices again: a JWT (HS256) of 128 random bits and of the accounts that signed in with them. It opens nothing. It only says
 * that somebody who tries one of those accounts is no stranger to it, so that they are counted for themselves; for any other account, and in
 * any other tenant, it says nothing.
 */
export function createDevices({ secrets, domain, lifeMs, clock }: DeviceDeps): Devices {
  const keys = secrets.map((secret) =>
    Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/device-cookie/v1', 32)),
  );
  const signer = createClaimSigner(keys);

  function read(tenant: string, { cookies }: Attempt['client']): KnownDevice | undefined {
    const value = cookies?.[DEVICE_COOKIE];
    return value === undefined ? undefined : deviceOf(signer.open(value), tenant, clock.now());
  }

  return {
    async knownTo(tenant, user, client) {
      const device = read(tenant, client);
      return device?.users.includes(user) ? device.id : undefined;
    },
    async remember(tenant, user, client) {
      const before = read(tenant, client);
      const now = Math.floor(clock.now().getTime() / 1000);
      const seconds = Math.ceil(lifeMs / 1000);
      const users = [user, ...(before?.users ?? []).filter((one) => one !== user)].slice(0, MOST_USERS);
      const jti = before?.id ?? randomBytes(16).toString('base64url');
      const value = signer.sign({ users, iss: ISSUER, aud: tenant, jti, iat: now, exp: now + seconds });
      const attributes = { path: '/', httpOnly: true, secure: client.scheme === 'https', sameSite: 'lax' } as const;
      return {
        name: DEVICE_COOKIE,
        value,
        maxAge: seconds,
        ...attributes,
        ...(domain === undefined ? {} : { domain }),
      };
    },
  };
}

/** Foreign, forged, of another tenant or too old: nobody is known by it. */
function deviceOf(
  { iss, aud, exp, jti, users }: Readonly<Record<string, unknown>> = {},
  tenant: string,
  now: Date,
): KnownDevice | undefined {
  if (iss !== ISSUER || aud !== tenant || typeof exp !== 'number' || exp * 1000 <= now.getTime()) return undefined;
  if (typeof jti !== 'string' || !Array.isArray(users)) return undefined;
  return { id: jti, users: users.filter((user) => typeof user === 'number') };
}
