import { aTenant, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { createBundles } from '../index.ts';
import { people, Team } from '../people.fixture.ts';

const { db } = await testDatabase(people);
const bundles = createBundles(db);
const { database } = bundles;

type Scope = { readonly tenant: string };

/** Written as if it had a transaction of its own. */
const add = (scope: Scope, name: string) => database.write(scope, async (em) => void em.create(Team, { name }));
const names = (scope: Scope, over = db) =>
  over.read(scope, async (em) => (await em.findAll(Team, { orderBy: { name: 'asc' } })).map(({ name }) => name));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    () => 'refused',
  );

describe('a bundle', () => {
  it('takes back the piece that failed, and commits its neighbours with it', async () => {
    const scope = aTenant();
    const seen = await bundles.run(scope, async ({ piece }) => {
      const outcomes: string[] = [];
      for (const name of ['a', 'a', '', 'b']) outcomes.push(await refusal(piece(() => add(scope, name))));
      const half = piece(async () => {
        await add(scope, 'c');
        throw new Error('later');
      });
      outcomes.push(await refusal(half));
      expect(await names(scope)).toEqual([]);
      return [outcomes, await names(scope, database)];
    });
    expect(seen).toEqual([
      ['done', 'refused', 'refused', 'done', 'refused'],
      ['a', 'b'],
    ]);
    expect(await names(scope)).toEqual(['a', 'b']);
  });

  it('leaves nothing behind when it fails itself', async () => {
    const scope = aTenant();
    const failing = bundles.run(scope, async ({ piece }) => {
      await piece(() => add(scope, 'a'));
      throw new Error('late');
    });
    await expect(failing).rejects.toThrow('late');
    expect(await names(scope)).toEqual([]);
  });

  it('begins anew as a whole when the database gave a piece up for another transaction, whatever its caller made of that', async () => {
    const scope = aTenant();
    let attempts = 0;
    await bundles.run(scope, async ({ piece }) => {
      attempts += 1;
      await piece(() => add(scope, `first ${attempts}`));
      const deadlock = "do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$";
      if (attempts === 1) await refusal(piece(() => database.write(scope, (em) => em.execute(deadlock))));
      await piece(() => add(scope, 'second'));
    });
    expect(await names(scope)).toEqual(['first 2', 'second']);
  });

  it('is of one tenant, and unknown outside', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    await bundles.run(mine, async () => {
      await expect(names(other, database)).rejects.toThrow('one tenant');
      expect(bundles.current()).toBeDefined();
    });
    expect(bundles.current()).toBeUndefined();
    await add(other, 'alone');
    expect(await names(other)).toEqual(['alone']);
  });

  it('answers single statements from its own transaction', async () => {
    const scope = aTenant();
    const count = () => database.statement<{ n: number }>(scope, 'select count(*)::int as n from team', []);
    await bundles.run(scope, async ({ piece }) => {
      await piece(() => add(scope, 'a'));
      expect(await count()).toEqual([{ n: 1 }]);
      expect(await db.statement(scope, 'select 1 from team', [])).toEqual([]);
    });
    expect(await count()).toEqual([{ n: 1 }]);
  });
});
