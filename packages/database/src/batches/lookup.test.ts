/** Reads and writes that share a transaction. */

import { common } from '@postern/errors';
import { aTenant, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { createGroupCommit, createLookup, type Database } from '../index.ts';
import { people } from '../people.fixture.ts';

const statements: string[] = [];
const { db, sql } = await testDatabase({ ...people, onQuery: (timing) => statements.push(timing.sql) });

/** Names of teams by key. */
function aLookup() {
  const asked: (readonly string[])[] = [];
  const lookup = createLookup<string, string>({
    async find(scope, keys) {
      asked.push(keys);
      const marks = keys.map(() => '?').join(', ');
      const sql = `select pk, name from team where pk in (${marks})`;
      const rows = await db.statement<{ pk: string; name: string }>(scope, sql, keys);
      return new Map(rows.map(({ pk, name }) => [pk, name]));
    },
  });
  return { lookup, asked };
}

async function aTeam(scope: { tenant: string }, name: string): Promise<string> {
  const [row] = await db.write(scope, (em) =>
    em.execute<{ pk: string }[]>(
      'insert into team (pk, created, updated, name) values (gen_random_uuid(), now(), now(), ?) returning pk',
      [name],
    ),
  );
  return row?.pk ?? '';
}

const INSERT = `insert into team (pk, created, updated, name)
  select gen_random_uuid(), now(), now(), name from unnest(array[%]::text[]) as given (name) returning name`;

/** Writes teams; one named `forbidden` is at fault. */
function aCommit(database: Pick<Database, 'write'> = db) {
  const groups: (readonly string[])[] = [];
  const commit = createGroupCommit<string, string>({
    async write(scope, names) {
      groups.push(names);
      return database.write(scope, async (em) => {
        await em.execute(INSERT.replace('%', names.map(() => '?').join(', ')), [...names]);
        if (names.includes('forbidden')) throw new Error('a name that nobody may have');
        return names.map((name) => `${name} is kept`);
      });
    },
  });
  return { commit, groups };
}

const names = async ({ tenant }: { tenant: string }) =>
  (await sql<{ name: string }>('select name from people.team where tenant_id = $1 order by name', [tenant])).map(
    ({ name }) => name,
  );

describe('a lookup', () => {
  it('asks once for everybody of a moment, and for no key twice', async () => {
    const scope = aTenant();
    const [a, b] = [await aTeam(scope, 'a'), await aTeam(scope, 'b')];
    const { lookup, asked } = aLookup();
    statements.length = 0;
    expect(await Promise.all([a, b, a].map((key) => lookup(scope, key)))).toEqual(['a', 'b', 'a']);
    expect(asked).toEqual([[a, b]]);
    expect(statements.filter((text) => text.includes('from team'))).toHaveLength(1);
  });

  it('finds nothing in another tenant, whoever asks beside it', async () => {
    const [own, foreign] = [aTenant(), aTenant()];
    const key = await aTeam(own, 'a');
    const { lookup } = aLookup();
    expect(await Promise.all([lookup(foreign, key), lookup(own, key)])).toEqual([undefined, 'a']);
  });

  it('sees what was committed before it was asked, while an older one is under way', async () => {
    const scope = aTenant();
    const key = await aTeam(scope, 'before');
    const { lookup } = aLookup();
    const first = lookup(scope, key);
    await db.write(scope, (em) => em.execute('update team set name = ? where pk = ?', ['after', key]));
    expect(await lookup(scope, key)).toBe('after');
    await first;
  });

  it('tells everybody when the statement fails', async () => {
    const scope = aTenant();
    const { lookup } = aLookup();
    const key = await aTeam(scope, 'a');
    const answers = await Promise.allSettled(['no uuid', key].map((each) => lookup(scope, each)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await lookup(scope, key)).toBe('a');
  });

  it('sees what its change set has not committed', async () => {
    const scope = { ...aTenant(), changeSet: { id: crypto.randomUUID() } };
    await db.changeSets.begin(scope);
    const key = await aTeam(scope, 'uncommitted');
    const { lookup } = aLookup();
    expect(await lookup(scope, key)).toBe('uncommitted');
    expect(await lookup({ tenant: scope.tenant }, key)).toBeUndefined();
    await db.changeSets.rollback(scope);
  });
});

describe('a group commit', () => {
  it('writes what comes in one turn in one transaction, and answers each', async () => {
    const scope = aTenant();
    const { commit, groups } = aCommit();
    expect(await Promise.all(['a', 'b'].map((name) => commit(scope, name)))).toEqual(['a is kept', 'b is kept']);
    expect(groups).toEqual([['a', 'b']]);
    const rows = await sql('select distinct xmin::text from people.team where tenant_id = $1', [scope.tenant]);
    expect(rows).toHaveLength(1);
  });

  it('fails for the one at fault alone', async () => {
    const scope = aTenant();
    const { commit } = aCommit();
    const given = ['a', 'b', 'forbidden', 'c', 'd'];
    const outcomes = await Promise.allSettled(given.map((name) => commit(scope, name)));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await names(scope)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leaves the one who breaks a constraint without effect', async () => {
    const scope = aTenant();
    const { commit } = aCommit();
    await commit(scope, 'a');
    const outcomes = await Promise.allSettled(['b', 'a'].map((name) => commit(scope, name)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await names(scope)).toEqual(['a', 'b']);
  });

  it('keeps tenants apart', async () => {
    const [left, right] = [aTenant(), aTenant()];
    const { commit } = aCommit();
    await Promise.all([commit(left, 'a'), commit(right, 'a'), commit(right, 'forbidden').catch(String)]);
    expect([await names(left), await names(right)]).toEqual([['a'], ['a']]);
  });

  it('writes nothing for somebody who left before it began', async () => {
    const scope = aTenant();
    const { commit } = aCommit();
    const gone = commit(scope, 'gone', AbortSignal.abort(new Error('gone')));
    await Promise.all([expect(gone).rejects.toThrow('gone'), commit(scope, 'a')]);
    expect(await names(scope)).toEqual(['a']);
  });

  it('tries nobody alone when there is no database', async () => {
    const nowhere = aTenant();
    let attempts = 0;
    const away = {
      write: async (): Promise<never> => {
        attempts += 1;
        throw common.UNAVAILABLE();
      },
    };
    const { commit } = aCommit(away);
    const outcomes = await Promise.allSettled(['a', 'b'].map((name) => commit(nowhere, name)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(attempts).toBe(1);
  });

  it('is part of its change set', async () => {
    const scope = { ...aTenant(), changeSet: { id: crypto.randomUUID() } };
    await db.changeSets.begin(scope);
    const { commit } = aCommit();
    await commit(scope, 'a');
    await db.changeSets.rollback(scope);
    expect(await names(scope)).toEqual([]);
  });
});
