import { common } from '@postern/errors';
import type { TenantScope } from '../connect-database.ts';
import { createBatch } from './batch.ts';

export type GroupCommitOptions<Item, Result> = {
  /** Commits all of them with their facts, in one transaction, and says for each, in their order, what came of it. */
  write(scope: TenantScope, items: readonly Item[]): Promise<readonly Result[]>;
  /** The most of one transaction. Default 200. */
  limit?: number;
};

/** Writes something; resolves when it is committed. Whoever takes it back before it has begun has written nothing. */
export type GroupCommit<Item, Result> = (scope: TenantScope, item: Item, signal?: AbortSignal) => Promise<Result>;

/**
 * Creates writes of one kind that share a transaction with those that are asked for at the same moment: one commit, and one wait for the disk,
 * for all of them. It is all or nothing; when it fails the halves are tried on their own, down to the one that is at fault, so that nobody fails
 * for another's sake. Within a change set a write is part of the transaction of that.
 */
export function createGroupCommit<Item, Result>({
  write,
  limit = 200,
}: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  type Outcome = PromiseSettledResult<Result>;

  async function commit(scope: TenantScope, items: readonly Item[]): Promise<Outcome[]> {
    const results = await write(scope, items);
    if (results.length !== items.length) throw new TypeError('a group was not told what came of each');
    return results.map((value) => ({ status: 'fulfilled', value }));
  }

  async function run(tenant: string, items: readonly Item[]): Promise<Outcome[]> {
    try {
      return await commit({ tenant }, items);
    } catch (reason) {
      // Without a database none of them fares better alone.
      if (items.length === 1 || common.UNAVAILABLE.is(reason)) return items.map(() => ({ status: 'rejected', reason }));
      const half = Math.ceil(items.length / 2);
      return [...(await run(tenant, items.slice(0, half))), ...(await run(tenant, items.slice(half)))];
    }
  }

  const batch = createBatch<Item, Outcome>({ limit, run });
  return async (scope, item, signal) => {
    const isAlone = scope.changeSet !== undefined;
    const outcome = isAlone ? (await commit(scope, [item]))[0] : await batch(scope.tenant, item, signal);
    if (outcome?.status !== 'fulfilled') throw outcome?.reason;
    return outcome.value;
  };
}
