import { LRUCache } from 'lru-cache';

type Bucket = { tokens: number; at: number };

/** Seconds to wait until the next request; 0 when this one may pass. */
export type RateLimit = { take(key: string): number };

/**
 * A token bucket for each key. It holds a second's worth of requests. Kept in this process alone: with several gateways
 * a client gets the rate of each.
 *
 * @param rate requests per second; 0 means no limit
 */
export function createRateLimit({ rate, clock }: { rate: number; clock: () => number }): RateLimit {
  const buckets = new LRUCache<string, Bucket>({ max: 20_000 });
  return {
    take(key) {
      if (rate === 0) return 0;
      const now = clock();
      const bucket = buckets.get(key) ?? { tokens: rate, at: now };
      const tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate);
      const passes = tokens >= 1;
      buckets.set(key, { tokens: passes ? tokens - 1 : tokens, at: now });
      return passes ? 0 : Math.max(1, Math.ceil((1 - tokens) / rate));
    },
  };
}
