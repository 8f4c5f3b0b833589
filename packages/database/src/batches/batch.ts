import { AsyncLocalStorage } from 'node:async_hooks';

/** How things of one tenant are done together. */
export type BatchOptions<Item, Result> = {
  /** Does all of them, in one go; answers in their order. What it throws reaches everybody who waits for one of them. */
  run(tenant: string, items: readonly Item[]): Promise<readonly Result[]>;
  /** The most that is done together. Default 500. */
  limit?: number;
};

/**
 * Hands something over to be done together with what others hand over at the same moment. `signal` takes it back as long as it has not begun:
 * it is left out then, and the promise rejects with the signal's reason.
 */
export type Batch<Item, Result> = (tenant: string, item: Item, signal?: AbortSignal) => Promise<Result>;

type Waiter<Item, Result> = PromiseWithResolvers<Result> & { readonly item: Item; readonly signal?: AbortSignal };

/**
 * Creates a batch. One is under way per tenant, the next collects meanwhile: whoever is alone does not wait for company, and the more there are
 * the less each costs. What is handed over is never done with what has begun already, so that it sees everything committed before. Tenants never
 * share one.
 */
export function createBatch<Item, Result>({ run, limit = 500 }: BatchOptions<Item, Result>): Batch<Item, Result> {
  const queues = new Map<string, Waiter<Item, Result>[]>();
  // A batch belongs to nobody's trace, and to nobody's transaction.
  const outside = AsyncLocalStorage.snapshot();

  async function drain(tenant: string, queue: Waiter<Item, Result>[]): Promise<void> {
    while (queue.length > 0) await attend(tenant, queue.splice(0, limit));
    queues.delete(tenant);
  }

  async function attend(tenant: string, waiters: readonly Waiter<Item, Result>[]): Promise<void> {
    const wanted = waiters.filter(isWanted);
    if (wanted.length === 0) return;
    try {
      const results = await run(
        tenant,
        wanted.map(({ item }) => item),
      );
      if (results.length !== wanted.length) throw new TypeError('a batch gave not one result for each item');
      results.forEach((result, at) => {
        wanted[at]?.resolve(result);
      });
    } catch (error) {
      for (const { reject } of wanted) reject(error);
    }
  }

  return (tenant, item, signal) => {
    const waiter = { ...Promise.withResolvers<Result>(), item, signal };
    const queue = queues.get(tenant);
    if (queue) queue.push(waiter);
    else {
      const begun = [waiter];
      queues.set(tenant, begun);
      // What arrived in the same turn comes along.
      outside(setImmediate, () => void drain(tenant, begun));
    }
    return waiter.promise;
  };
}

function isWanted<Item, Result>({ signal, reject }: Waiter<Item, Result>): boolean {
  if (signal?.aborted) reject(signal.reason);
  return signal?.aborted !== true;
}
