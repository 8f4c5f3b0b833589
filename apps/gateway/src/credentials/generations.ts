import type { events } from '@postern/proto';

/** The part of the event bus that keeps caches honest. */
export type ChangeFeed = {
  tail(filter: string, listener: (envelope: events.Envelope) => void): () => Promise<void>;
  onGap(listener: () => void): () => void;
};

/** Counts the changes of each tenant: what was cached under an older count is stale. */
export type Generations = {
  /** A mark that compares equal as long as nothing changed. */
  of(tenant: string): string;
  /** The same over all tenants. */
  total(): string;
  /** Something changed in a tenant, whether the bus has told so yet or not. */
  touch(tenant: string): void;
  close(): Promise<void>;
};

// Facts that take nothing from anybody: a cached principal stays right after them.
const HARMLESS =
  /^(created|issued|viewed|used|started|requested|succeeded|failed|refused|logged_in|login_failed|signed_in)$/;

/**
 * Follows the bus. A change that passes one of the filters makes everything stale that is cached for its tenant (for all
 * tenants where it names none); so does a gap in what the bus delivered.
 */
export function followChanges(
  feed: ChangeFeed | undefined,
  filters: readonly string[],
  { isHarmless = (verb) => HARMLESS.test(verb) }: { isHarmless?: (verb: string) => boolean } = {},
): Generations {
  const byTenant = new Map<string, number>();
  let everywhere = 0;
  let total = 0;
  const onEvent = ({ subject, tenant }: events.Envelope) => {
    if (isHarmless(subject.split('.').at(-1) ?? '')) return;
    total += 1;
    if (tenant === '') everywhere += 1;
    else byTenant.set(tenant, (byTenant.get(tenant) ?? 0) + 1);
  };
  const unsubscribes = feed ? filters.map((filter) => feed.tail(filter, onEvent)) : [];
  const forget = feed?.onGap(() => {
    everywhere += 1;
    total += 1;
  });
  return {
    of: (tenant) => `${everywhere}.${byTenant.get(tenant) ?? 0}`,
    total: () => String(total),
    touch(tenant) {
      total += 1;
      byTenant.set(tenant, (byTenant.get(tenant) ?? 0) + 1);
    },
    async close() {
      forget?.();
      await Promise.all(unsubscribes.map((unsubscribe) => unsubscribe()));
    },
  };
}
