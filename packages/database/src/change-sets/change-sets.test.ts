import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { aTenant, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { prepared } from '../lane/statement.ts';
import { Person, people, Team } from '../people.fixture.ts';
import { changeSetErrors } from './change-set.errors.ts';

const SILENCE = 400;
const { db, sql } = await testDatabase({ ...people, changeSets: { limit: 2, silenceMs: SILENCE } });

async function begun() {
  const scope = { ...aTenant(), changeSet: { id: randomUUID() } };
  await db.changeSets.begin(scope);
  return scope;
}

type Scope = Awaited<ReturnType<typeof begun>>;

const add = (scope: Scope, name: string) => db.write(scope, async (em) => void em.create(Team, { name }));
const namesIn = (scope: { tenant: string }) =>
  db.read(scope, async (em) => (await em.findAll(Team, { orderBy: { name: 'asc' } })).map(({ name }) => name));

describe('a change set', () => {
  it('keeps to itself what it did until it is committed', async () => {
    const scope = await begun();
    await add(scope, 'a');
    await add(scope, 'b');
    expect(await namesIn(scope)).toEqual(['a', 'b']);
    expect(await namesIn({ tenant: scope.tenant })).toEqual([]);
    await db.changeSets.commit(scope);
    expect(await namesIn({ tenant: scope.tenant })).toEqual(['a', 'b']);
  });

  it('leaves nothing behind when it is rolled back, however often', async () => {
    const scope = await begun();
    await add(scope, 'a');
    await db.changeSets.rollback(scope);
    await db.changeSets.rollback(scope);
    expect(await namesIn({ tenant: scope.tenant })).toEqual([]);
    await expect(add(scope, 'b')).rejects.toSatisfy(changeSetErrors.CHANGE_SET_LOST.is);
    await expect(db.changeSets.commit(scope)).rejects.toSatisfy(changeSetErrors.CHANGE_SET_LOST.is);
  });

  it('goes on after a call that failed, without what that call did', async () => {
    const scope = await begun();
    await add(scope, 'a');
    const failing = db.write(scope, async (em) => {
      em.create(Team, { name: 'half' });
      await em.flush();
      em.create(Team, { name: 'a' });
    });
    await expect(failing).rejects.toThrow('team__name_key');
    await expect(db.read(scope, (em) => em.execute('select 1 / 0'))).rejects.toThrow('division by zero');
    await add(scope, 'b');
    await db.changeSets.commit(scope);
    expect(await namesIn({ tenant: scope.tenant })).toEqual(['a', 'b']);
  });

  it('keeps nothing of a call that failed at its first statement, whoever came before', async () => {
    const scope = await begun();
    await add(scope, 'a');
    const failing = db.write(scope, (em) => em.execute(prepared('select 1 from nothing where pk = ?'), ['x']));
    await expect(failing).rejects.toThrow('does not exist');
    const numbers = () => db.read(scope, (em) => em.execute(prepared('select ?::int + 1 as number'), [1]));
    expect(await Promise.all([numbers(), numbers()])).toEqual([[{ number: 2 }], [{ number: 2 }]]);
    await db.changeSets.commit(scope);
    expect(await namesIn({ tenant: scope.tenant })).toEqual(['a']);
  });

  it('goes on when its connection has forgotten a prepared statement', async () => {
    const scope = await begun();
    const count = () =>
      db.write(scope, async (em) => {
        const [row] = await em.execute<{ n: number }[]>(prepared('select count(*)::int as n from team'), []);
        return row?.n;
      });
    await add(scope, 'a');
    expect(await count()).toBe(1);
    await db.write(scope, (em) => em.execute('deallocate all'));
    expect(await count()).toBe(1);
    await db.changeSets.rollback(scope);
  });

  it('takes calls one after the other', async () => {
    const scope = await begun();
    const names = Array.from({ length: 8 }, (_, index) => `team ${index}`);
    await Promise.all(names.map((name) => add(scope, name)));
    await db.changeSets.commit(scope);
    expect(await namesIn({ tenant: scope.tenant })).toEqual(names);
  });

  it('lets work reach what it did through another call of its own', async () => {
    const scope = await begun();
    const seen = await db.write(scope, async (em) => {
      em.create(Team, { name: 'outer' });
      await em.flush();
      await Promise.all([add(scope, 'inner 1'), add(scope, 'inner 2')]);
      await expect(add(scope, 'outer')).rejects.toThrow('team__name_key');
      return namesIn(scope);
    });
    expect(seen).toEqual(['inner 1', 'inner 2', 'outer']);
    await db.changeSets.rollback(scope);
  });

  it('is of one tenant: for another it does not exist', async () => {
    const scope = await begun();
    await add(scope, 'a');
    const other = { ...aTenant(), changeSet: scope.changeSet };
    await expect(namesIn(other)).rejects.toSatisfy(changeSetErrors.CHANGE_SET_LOST.is);
    await expect(db.changeSets.commit(other)).rejects.toSatisfy(changeSetErrors.CHANGE_SET_LOST.is);
    await db.changeSets.rollback(other);
    await db.changeSets.commit(scope);
    expect(await namesIn({ tenant: scope.tenant })).toEqual(['a']);
  });

  it('cannot be begun twice', async () => {
    const scope = await begun();
    await expect(db.changeSets.begin(scope)).rejects.toSatisfy(changeSetErrors.CHANGE_SET_OPEN.is);
    await db.changeSets.rollback(scope);
  });

  it('is rolled back when nothing is heard of it, and lives as long as something is', async () => {
    const scope = await begun();
    await add(scope, 'a');
    for (let passed = 0; passed < 1.5 * SILENCE; passed += SILENCE / 4) {
      await sleep(SILENCE / 4);
      await db.changeSets.keep(scope);
    }
    await sleep(1.5 * SILENCE);
    await expect(db.changeSets.keep(scope)).rejects.toSatisfy(changeSetErrors.CHANGE_SET_LOST.is);
    expect(await namesIn({ tenant: scope.tenant })).toEqual([]);
  });

  it('waits for its turn when as many as may are open, and gives up in the end', async () => {
    const first = await begun();
    const second = await begun();
    const third = begun();
    await db.changeSets.commit(first);
    const waited = await third;
    await expect(begun()).rejects.toSatisfy(changeSetErrors.CHANGE_SETS_BUSY.is);
    await Promise.all([second, waited].map((scope) => db.changeSets.rollback(scope)));
  });

  it('is over when the server cuts its connection, and the process goes on', async () => {
    const scope = await begun();
    await add(scope, 'a');
    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`,
    );
    await expect(add(scope, 'b')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await db.changeSets.rollback(scope);
    expect(await namesIn({ tenant: scope.tenant })).toEqual([]);
    await db.changeSets.commit(await begun());
  });

  it('gives way when somebody else holds what it wants, and says so', async () => {
    const [a, b] = [await begun(), await begun()];
    const same = { ...b, tenant: a.tenant };
    await db.changeSets.rollback(b);
    await db.changeSets.begin(same);
    const [x, y] = await db.write({ tenant: a.tenant }, async (em) =>
      ['x', 'y'].map((username) => em.create(Person, { username })),
    );
    const touch = (scope: Scope, pk = '') =>
      db.write(scope, (em) => em.execute('update person set age = 1 where pk = ?', [pk]));
    await touch(a, x?.pk);
    await touch(same, y?.pk);
    const outcomes = await Promise.allSettled([
      touch(a, y?.pk),
      touch(same, x?.pk).finally(() => db.changeSets.rollback(same)),
    ]);
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every(changeSetErrors.CHANGE_SET_CONFLICT.is)).toBe(true);
    await db.changeSets.rollback(a);
  });
});
