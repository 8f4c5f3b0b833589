import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Cookie } from '@postern/rpc';
import { CompactSign, compactVerify } from 'jose';
import type { HeadlessEngine } from '../headless.parts.ts';
import { secondsOf, type Visit } from '../headless.visit.ts';

/** Name of the cookie, as clients of the API know it. */
export const TRUST_COOKIE = 'mfa_trusted';

/** People whom one browser may be trusted by at once. */
const MOST_PEOPLE = 10;

/** Browsers that somebody trusts: no second factor is asked there, for a while. */
export type TrustedBrowsers = {
  /** Whether somebody trusts the browser of this visit. A change of their password or of their authenticators ends that. */
  isTrusted(visit: Visit, user: number): Promise<boolean>;
  /** The cookie by which the browser is trusted from then on, beside others who trust it. */
  trust(visit: Visit, user: number): Promise<Cookie>;
};

/** What they are made with. */
export type TrustedBrowserDeps = Pick<HeadlessEngine, 'secrets' | 'passwords' | 'devices'>;

type Entry = readonly [fingerprint: string, at: number];

/** Creates them: the cookie is a signed list of fingerprints, which say nothing about anybody, and when each was added. */
export function createTrustedBrowsers({ secrets, passwords, devices }: TrustedBrowserDeps): TrustedBrowsers {
  const keys = secrets.map((secret) => {
    const derive = (use: string) =>
      new Uint8Array(hkdfSync('sha256', secret, '', `postern/auth/mfa-trusted/${use}/v1`, 32));
    return { signs: derive('cookie'), marks: derive('fingerprint') };
  });
  const fingerprints = async (tenant: string, user: number): Promise<string[]> => {
    const [changed, owned] = await Promise.all([passwords.changed(tenant, user), devices.ofUser(tenant, user)]);
    const authenticators = owned.map(({ pk }) => pk).sort((a, b) => a - b);
    const about = JSON.stringify([tenant, user, changed?.getTime() ?? null, authenticators]);
    return keys.map(({ marks }) => createHmac('sha256', marks).update(about).digest('base64url'));
  };
  const entries = async ({ client, settings, now }: Visit): Promise<Entry[]> => {
    const value = client.cookies?.[TRUST_COOKIE];
    if (value === undefined) return [];
    for (const { signs } of keys) {
      const listed = await listIn(value, signs);
      const oldest = secondsOf(now) - settings.mfa_trust_cookie_age;
      if (listed !== undefined) return listed.filter(([, at]) => at > oldest);
    }
    return [];
  };
  return {
    async isTrusted(visit, user) {
      if (!visit.settings.mfa_trust_enabled || visit.kind !== 'browser') return false;
      const listed = await entries(visit);
      if (listed.length === 0) return false;
      const own = await fingerprints(visit.tenant, user);
      return listed.some(([given]) => own.some((one) => isSame(one, given)));
    },
    async trust(visit, user) {
      const [first = ''] = await fingerprints(visit.tenant, user);
      const others = (await entries(visit)).filter(([given]) => given !== first);
      const listed: Entry[] = [...others.slice(1 - MOST_PEOPLE), [first, Math.floor(secondsOf(visit.now))]];
      const payload = new TextEncoder().encode(JSON.stringify(listed));
      const signed = new CompactSign(payload).setProtectedHeader({ alg: 'HS256' });
      return {
        name: TRUST_COOKIE,
        value: await signed.sign(keys[0]?.signs ?? new Uint8Array()),
        path: '/',
        httpOnly: true,
        secure: visit.client.scheme === 'https',
        sameSite: 'lax',
        maxAge: visit.settings.mfa_trust_cookie_age,
      };
    },
  };
}

/** The list in a cookie; undefined for one that this key did not sign. */
async function listIn(value: string, key: Uint8Array): Promise<Entry[] | undefined> {
  try {
    const { payload } = await compactVerify(value, key, { algorithms: ['HS256'] });
    const listed: unknown = JSON.parse(new TextDecoder().decode(payload));
    return Array.isArray(listed) ? listed.filter(isEntry) : undefined;
  } catch {
    // Foreign or forged: nobody trusts this browser.
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
