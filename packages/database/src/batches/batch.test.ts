import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { type BatchOptions, createBatch } from '../index.ts';

/** A batch that notes what it is given, and whose rounds end when they are told to. */
function aBatch(options: Partial<BatchOptions<string, string>> = {}) {
  const rounds: { tenant: string; items: readonly string[]; end(error?: Error): void }[] = [];
  let heard = Promise.withResolvers<void>();
  const batch = createBatch<string, string>({
    run(tenant, items) {
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      const end = (error?: Error) => (error ? reject(error) : resolve(items.map((item) => item.toUpperCase())));
      rounds.push({ tenant, items, end });
      heard.resolve();
      return promise;
    },
    ...options,
  });
  /** Waits for the round of this number, from 0. */
  const round = async (index: number) => {
    for (;;) {
      const found = rounds[index];
      if (found) return found;
      heard = Promise.withResolvers();
      await heard.promise;
    }
  };
  return { batch, rounds, round };
}

describe('a batch', () => {
  it('does together what comes in one turn, and gives everybody their own', async () => {
    const { batch, rounds, round } = aBatch();
    const answers = Promise.all(['a', 'b', 'a'].map((item) => batch('tenant', item)));
    (await round(0)).end();
    expect(await answers).toEqual(['A', 'B', 'A']);
    expect(rounds.map(({ items }) => items)).toEqual([['a', 'b', 'a']]);
  });

  it('collects while one is under way, and never adds to that', async () => {
    const { batch, rounds, round } = aBatch();
    const first = batch('tenant', 'a');
    const under = await round(0);
    const later = [batch('tenant', 'b'), batch('tenant', 'c')];
    expect(under.items).toEqual(['a']);
    under.end();
    expect(await first).toBe('A');
    (await round(1)).end();
    expect(await Promise.all(later)).toEqual(['B', 'C']);
    expect(rounds).toHaveLength(2);
  });

  it('never does things of two tenants together, and lets neither wait for the other', async () => {
    const { batch, round } = aBatch();
    const [left, right] = [batch('left', 'a'), batch('right', 'b')];
    const [first, second] = [await round(0), await round(1)];
    expect([first, second].map(({ tenant, items }) => [tenant, items])).toEqual([
      ['left', ['a']],
      ['right', ['b']],
    ]);
    second.end();
    expect(await right).toBe('B');
    first.end();
    expect(await left).toBe('A');
  });

  it('tells everybody of an error, and goes on with those who came later', async () => {
    const { batch, round } = aBatch();
    const losing = [batch('tenant', 'a'), batch('tenant', 'b')].map((answer) => answer.catch(String));
    const under = await round(0);
    const later = batch('tenant', 'c');
    under.end(new Error('broken'));
    expect(await Promise.all(losing)).toEqual(['Error: broken', 'Error: broken']);
    (await round(1)).end();
    expect(await later).toBe('C');
  });

  it('leaves nobody without an answer when there is not one for each', async () => {
    const { batch } = aBatch({ run: async () => ['A'] });
    const answers = await Promise.allSettled([batch('tenant', 'a'), batch('tenant', 'b')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('leaves out what is taken back before it has begun', async () => {
    const { batch, rounds, round } = aBatch();
    const leaving = new AbortController();
    const first = batch('tenant', 'a', leaving.signal);
    const under = await round(0);
    const [gone, stays] = [batch('tenant', 'b', leaving.signal), batch('tenant', 'c')];
    leaving.abort(new Error('gone'));
    under.end();
    // It had begun, so that its result counts.
    expect(await first).toBe('A');
    await expect(gone).rejects.toThrow('gone');
    (await round(1)).end();
    expect(await stays).toBe('C');
    expect(rounds.map(({ items }) => items)).toEqual([['a'], ['c']]);
  });

  it('begins nothing when everybody has left', async () => {
    const { batch, rounds } = aBatch();
    const gone = batch('tenant', 'a', AbortSignal.abort(new Error('gone')));
    await expect(gone).rejects.toThrow('gone');
    expect(rounds).toEqual([]);
  });

  it('does no more at once than its limit, in order', async () => {
    const seen: (readonly number[])[] = [];
    const limited = createBatch<number, number>({
      limit: 2,
      run: async (_tenant, items) => {
        seen.push(items);
        return items;
      },
    });
    expect(await Promise.all([1, 2, 3, 4, 5].map((item) => limited('tenant', item)))).toEqual([1, 2, 3, 4, 5]);
    expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('runs in the context of nobody', async () => {
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const batch = createBatch<number, number>({
      run: async (_tenant, items) => {
        seen.push(context.getStore());
        return items;
      },
    });
    await context.run('of a request', () => batch('tenant', 1));
    expect(seen).toEqual([undefined]);
  });
});
