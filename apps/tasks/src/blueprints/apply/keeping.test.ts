import { randomUUID } from 'node:crypto';
import { createJobs } from '@postern/jobs';
import { createOutbox, messagingTables } from '@postern/messaging';
import { aTenant, fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { createAppliedValues } from './applied-values.repository.ts';
import { APPLY_MIGRATIONS } from './apply.migrations.ts';
import { createJournal } from './journal.repository.ts';
import { createTenantLock } from './tenant-lock.ts';

const messaging = { name: 'test/0001-messaging', up: messagingTables('tasks') };
const { db, sql } = await testDatabase({ schema: 'tasks', entities: [], migrations: [messaging, ...APPLY_MIGRATIONS] });

async function begun(tenant = aTenant().tenant) {
  const scope = { tenant, changeSet: { id: randomUUID() } };
  await db.changeSets.begin(scope);
  return scope;
}

describe('the lock of a tenant', () => {
  it('lets a second process wait until the change set of the first ends, and other tenants pass', async () => {
    const [here, there] = [createTenantLock({ db }), createTenantLock({ db })];
    const first = await begun();
    await here.take(first);
    const second = await begun(first.tenant);
    let isTaken = false;
    const taking = there.take(second).then(() => {
      isTaken = true;
    });
    await db.changeSets.keep(second);
    expect(isTaken).toBe(false);
    await db.changeSets.rollback(first);
    await taking;
    const other = await begun();
    await there.take(other);
    await Promise.all([second, other].map((scope) => db.changeSets.rollback(scope)));
  });

  it('runs the work of one process in turn, and goes on after a failure', async () => {
    const lock = createTenantLock({ db });
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const failing = lock.inTurn('a', async () => {
      await gate.promise;
      order.push('first');
      throw new Error('failed');
    });
    const next = lock.inTurn('a', async () => order.push('second'));
    await lock.inTurn('b', async () => order.push('another tenant'));
    gate.resolve();
    await expect(failing).rejects.toThrow('failed');
    await next;
    expect(order).toEqual(['another tenant', 'first', 'second']);
  });
});

describe('values that cannot be read again', () => {
  const applied = createAppliedValues({ db, secrets: [TEST_SECRET] });
  const where = { model: 'authentik_core.user', key: 7, field: 'password' };

  it('are recognised in their place, in their tenant, and by no other value', async () => {
    const mine = aTenant();
    await applied.remember(mine, where, 'one');
    await applied.remember(mine, where, 'two');
    expect(await applied.isLast(mine, where, 'two')).toBe(true);
    expect(await applied.isLast(mine, where, 'one')).toBe(false);
    expect(await applied.isLast(mine, { ...where, key: 8 }, 'two')).toBe(false);
    expect(await applied.isLast(aTenant(), where, 'two')).toBe(false);
  });

  it('are not to be found in the database, and survive a new secret', async () => {
    const mine = aTenant();
    await applied.remember(mine, where, 'a very telling value');
    const rotated = createAppliedValues({ db, secrets: ['a new secret of the installation', TEST_SECRET] });
    expect(await rotated.isLast(mine, where, 'a very telling value')).toBe(true);
    expect(JSON.stringify(await sql('select * from blueprint_value'))).not.toContain('telling');
    await applied.forget(mine, where);
    expect(await applied.isLast(mine, where, 'a very telling value')).toBe(false);
  });
});

describe('the journal', () => {
  const jobs = createJobs({ outbox: createOutbox({ schema: 'tasks' }) });
  const journal = createJournal({ db, jobs, clock: fakeClock() });

  it('keeps what is about to commit sealed, for its tenant alone, and asks for a look in the same transaction', async () => {
    const { tenant } = aTenant();
    const noted = {
      id: randomUUID(),
      tenant,
      document: 'password: secret',
      context: { a: 1 },
      apps: ['auth', 'tasks'],
    };
    await journal.note(noted);
    await journal.note({ ...noted, apps: ['providers'] });
    expect(await journal.find(tenant, noted.id)).toEqual({ ...noted, apps: ['providers'] });
    expect(await journal.find(aTenant().tenant, noted.id)).toBeUndefined();
    expect(JSON.stringify(await sql('select * from blueprint_commitment'))).not.toContain('secret');
    const told = await sql<{ subject: string }>('select subject from outbox where tenant_id = $1', [tenant]);
    expect(told.length).toBe(2);
    await journal.strike(tenant, noted.id);
    expect(await journal.find(tenant, noted.id)).toBeUndefined();
  });
});
