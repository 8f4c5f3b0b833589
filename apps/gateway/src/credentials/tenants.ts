import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import { createFreshCache } from './fresh.cache.ts';
import { type ChangeFeed, followChanges } from './generations.ts';

/** The tenant of a host, how its pages look, and the key pair that its server shows, if its brand has one. */
export type Host = {
  readonly tenant: string;
  readonly looks: directory.PageLooks | undefined;
  readonly web_certificate?: string | undefined;
};

/** Finds the tenant that a request is about. */
export type Tenants = {
  /** Throws NOT_FOUND for a host that no tenant answers to. */
  resolve(host: string): Promise<Host>;
  /** The remembered answer, if there is one. */
  known(host: string): Host | undefined;
  close(): Promise<void>;
};

/** What finding tenants needs. */
export type TenantsDeps = {
  directory: Pick<Client<typeof directory.TenantServiceDefinition>, 'resolveHost'>;
  bus?: ChangeFeed;
  clock: () => number;
};

const CHANGES = ['directory.v1.tenant.*', 'directory.v1.domain.*', 'directory.v1.brand.*'];
const TTL_MS = 30_000;

/** Resolves hosts by asking `directory`, and remembers the answers until a tenant or brand changes. */
export function createTenants({ directory, bus, clock }: TenantsDeps): Tenants {
  // A new domain or brand changes what an older answer would be: creation counts, too.
  const changes = followChanges(bus, CHANGES, { isHarmless: () => false });
  const cache = createFreshCache<Host>({ ttlMs: TTL_MS, max: 2_000, clock });
  const mark = () => changes.total();
  return {
    resolve: (host) => cache.get(host, mark, () => directory.resolveHost({ host }, asService(''))),
    known: (host) => cache.peek(host, mark),
    close: () => changes.close(),
  };
}
