import type { TenantScope } from '../connect-database.ts';
import { createBatch } from './batch.ts';

export type LookupOptions<Key extends string | number, Value> = {
  /** Finds what there is of the keys, by one statement; no key comes twice. */
  find(scope: TenantScope, keys: readonly Key[]): Promise<ReadonlyMap<Key, Value>>;
  /** The most keys of one statement. Default 500. */
  limit?: number;
};

/** Finds what belongs to a key; undefined for a key that nothing belongs to. A lookup sees everything that was committed before it began. */
export type Lookup<Key extends string | number, Value> = (
  scope: TenantScope,
  key: Key,
  signal?: AbortSignal,
) => Promise<Value | undefined>;

/**
 * Creates a lookup whose callers share a statement and a transaction with everybody else who asks at the same moment. Within a change set it asks
 * alone, in the transaction of that.
 */
export function createLookup<Key extends string | number, Value>({
  find,
  limit,
}: LookupOptions<Key, Value>): Lookup<Key, Value> {
  const batch = createBatch<Key, Value | undefined>({
    limit,
    async run(tenant, keys) {
      const found = await find({ tenant }, [...new Set(keys)]);
      return keys.map((key) => found.get(key));
    },
  });
  return async (scope, key, signal) => {
    if (scope.changeSet === undefined) return batch(scope.tenant, key, signal);
    return (await find(scope, [key])).get(key);
  };
}
