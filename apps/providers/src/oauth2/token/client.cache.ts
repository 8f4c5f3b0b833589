import type { EventBus } from '@postern/messaging';
import type { OAuth2Client } from '../../clients/index.ts';
import type { Clock } from '../ports.ts';

/** The part of the bus that tells of changes. */
export type ChangeBus = Pick<EventBus, 'tail' | 'onGap'>;

/** Finds a client by its name in the protocol, or by the key of its provider. */
export type ClientFinder<Key extends string | number> = (tenant: string, key: Key) => Promise<OAuth2Client | undefined>;

export type ClientCacheDeps<Key extends string | number> = {
  readonly find: ClientFinder<Key>;
  readonly bus: ChangeBus;
  readonly clock: Clock;
};

/** How long a client is believed when no news of changes comes through, in milliseconds. */
const FRESH_MS = 5_000;
const CAPACITY = 1_000;
/** Facts about what is issued change no client, and are many. */
const ISSUING =
  /^providers\.v1\.((oauth2_(token|code|refresh_token|client)|application)\.(issued|refreshed|reused|misconfigured|authorized)|event\.recorded)$/;

/** A client, or that it is being read. One that is not there is not kept. */
type Known = { readonly client: OAuth2Client | Promise<OAuth2Client | undefined>; readonly until: number };

/**
 * Remembers clients for seconds: reading one takes several queries, and every request of the protocol needs one. Any change of a provider, an
 * application, a mapping or a key drops what is remembered, on every replica.
 */
export function createClientCache<Key extends string | number>({
  find,
  bus,
  clock,
}: ClientCacheDeps<Key>): ClientFinder<Key> {
  // By tenant, then by key: looking twice costs less than making one name of both.
  const known = new Map<string, Map<Key, Known>>();
  let size = 0;
  let generation = 0;
  const drop = () => {
    generation += 1;
    size = 0;
    known.clear();
  };
  bus.tail('providers.v1.>', ({ subject }) => {
    if (!ISSUING.test(subject)) drop();
  });
  bus.onGap(drop);

  function keep(tenant: string, key: Key, entry: Known): void {
    const own = known.get(tenant) ?? new Map<Key, Known>();
    if (!own.has(key)) size += 1;
    known.set(tenant, own.set(key, entry));
  }

  function forget(tenant: string, key: Key): void {
    if (known.get(tenant)?.delete(key)) size -= 1;
  }

  /** Those who ask meanwhile wait for the same answer, unless there was news since. */
  async function read(tenant: string, key: Key): Promise<OAuth2Client | undefined> {
    const asOf = generation;
    const until = clock.now().getTime() + FRESH_MS;
    const reading = find(tenant, key);
    keep(tenant, key, { client: reading, until });
    const client = await reading.catch((error: unknown) => {
      if (asOf === generation) forget(tenant, key);
      throw error;
    });
    // What was read before a change came by is out of date.
    if (asOf !== generation) return client;
    if (client) keep(tenant, key, { client, until });
    else forget(tenant, key);
    return client;
  }

  return async (tenant, key) => {
    const found = known.get(tenant)?.get(key);
    if (found && found.until > clock.now().getTime()) return found.client;
    if (size >= CAPACITY) drop();
    return read(tenant, key);
  };
}
