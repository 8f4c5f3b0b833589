import { common } from '@postern/errors';
import type { auth } from '@postern/proto';
import type { Client, Handed, Principal, Sealer } from '@postern/rpc';
import { type Credential, fingerprint } from './credential.ts';
import { createFreshCache } from './fresh.cache.ts';
import { type ChangeFeed, followChanges } from './generations.ts';

/** Who is calling, the signed form that services verify, and when it ends, in milliseconds of the clock. */
export type Caller = {
  readonly principal: Principal;
  readonly token?: string;
  readonly ends?: number;
  /** They came by a session, and have to get a second factor before anything else. Default: they have not. */
  readonly lacksFactor?: boolean;
};

/** Finds out who is calling. */
export type Principals = {
  /** The caller, if a recent answer knows it. */
  known(tenant: string, credential: Credential): Caller | undefined;
  /** The caller. Throws CREDENTIALS_INVALID for a bearer that is worth nothing. */
  resolve(tenant: string, credential: Credential, client: Handed): Promise<Caller>;
  /** Forgets everybody of a tenant: what somebody may do there has changed by a request that this gateway let through. */
  forget(tenant: string): void;
  close(): Promise<void>;
};

/** What resolving needs. */
export type PrincipalsDeps = {
  auth: Pick<Client<typeof auth.PrincipalServiceDefinition>, 'resolvePrincipal'>;
  sealer: Sealer;
  bus?: ChangeFeed;
  clock: () => number;
};

/** How long a revocation may take where no event arrives. */
const TTL_MS = 5_000;
/** Whatever changes what somebody may do. */
const CHANGES = ['auth.v1.>', 'directory.v1.>'];
const LONGEST_BEARER = 8192;

/**
 * When an answer stops being true by itself. A cookie that opens no session may be that of one that ended a moment ago: it is asked about each time.
 * One of a session that nobody signed in to says so itself, for good: whoever signs in gets another.
 */
function goodUntil({ principal, lacksFactor = false, ends = Number.POSITIVE_INFINITY }: Caller): number {
  // Whoever has just got the second factor that they lacked goes on at once.
  if (lacksFactor) return 0;
  const isLasting = principal.kind === 'user' || (principal.kind === 'anonymous' && principal.session !== undefined);
  return isLasting ? ends : 0;
}

/** Resolves credentials by asking `auth`, and remembers callers until something changes or seconds pass. */
export function createPrincipals({ auth, sealer, bus, clock }: PrincipalsDeps): Principals {
  const changes = followChanges(bus, CHANGES);
  const cache = createFreshCache<Caller>({ ttlMs: TTL_MS, max: 10_000, clock });

  async function ask(tenant: string, credential: Credential, clientToken: Handed): Promise<Caller> {
    const principal = sealer.sealPrincipal({ kind: 'service', tenant, name: 'gateway' });
    const request = { [credential.kind]: credential.kind === 'none' ? '' : credential.value };
    const context = { principal, client: clientToken };
    const { principal: token, expires, lacks_factor: lacksFactor } = await auth.resolvePrincipal(request, { context });
    const caller = { token, principal: sealer.openPrincipal(token), lacksFactor };
    return expires === undefined ? caller : { ...caller, ends: Date.parse(expires) };
  }

  return {
    known: (tenant, credential) =>
      credential.kind === 'none' ? undefined : cache.peek(fingerprint(tenant, credential), () => changes.of(tenant)),
    async resolve(tenant, credential, clientToken) {
      if (credential.kind === 'none') return { principal: { kind: 'anonymous', tenant } };
      if (credential.kind === 'bearer' && credential.value.length > LONGEST_BEARER) throw common.CREDENTIALS_INVALID();
      const key = fingerprint(tenant, credential);
      const load = () => ask(tenant, credential, clientToken);
      return cache.get(key, () => changes.of(tenant), load, goodUntil);
    },
    forget: (tenant) => changes.touch(tenant),
    close: () => changes.close(),
  };
}
