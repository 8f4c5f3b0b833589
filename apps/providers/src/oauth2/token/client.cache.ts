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

type Known = { readonly client: OAuth2Client; readonly until: number };

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

  return async (tenant, key) => {
    const now = clock.now().getTime();
    const found = known.get(tenant)?.get(key);
    if (found && found.until > now) return found.client;
    const asOf = generation;
    const client = await find(tenant, key);
    // What was read before a change came by is out of date.
    if (!client || asOf !== generation) return client;
    if (size >= CAPACITY) drop();
    const own = known.get(tenant) ?? new Map<Key, Known>();
    if (!own.has(key)) size += 1;
    known.set(tenant, own.set(key, { client, until: now + FRESH_MS }));
    return client;
  };
}
