import type { auth } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import { createFreshCache } from './fresh.cache.ts';
import { type ChangeFeed, followChanges } from './generations.ts';

/** Knows the front ends of tenants: pages of other origins that use the headless sign-in API with cookies. */
export type FrontEnds = {
  /** Origins that a tenant trusts. */
  of(tenant: string): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
};

/** What finding them needs. */
export type FrontEndsDeps = {
  auth: Pick<Client<typeof auth.HeadlessOriginServiceDefinition>, 'readHeadlessOrigins'>;
  bus?: ChangeFeed;
  clock: () => number;
};

const CHANGES = ['auth.v1.headless_settings.*'];
const TTL_MS = 30_000;

/** Asks `auth`, and remembers the answers until the settings of a tenant change. */
export function createFrontEnds({ auth, bus, clock }: FrontEndsDeps): FrontEnds {
  const changes = followChanges(bus, CHANGES, { isHarmless: () => false });
  const cache = createFreshCache<ReadonlySet<string>>({ ttlMs: TTL_MS, max: 2_000, clock });
  const load = async (tenant: string) => {
    const { trusted_origins } = await auth.readHeadlessOrigins({}, asService(tenant));
    return new Set(trusted_origins);
  };
  return {
    of: (tenant) =>
      cache.get(
        tenant,
        () => changes.of(tenant),
        () => load(tenant),
      ),
    close: () => changes.close(),
  };
}
