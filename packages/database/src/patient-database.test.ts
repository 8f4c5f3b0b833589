import { testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { patientDatabase } from './patient-database.ts';
import { DEFAULT_TENANT as tenant } from './tenancy.ts';

const { db } = await testDatabase({ schema: 'patience', entities: [], migrations: [] });

it('lets no more write at once than may, and whoever waits holds no connection', async () => {
  const patient = patientDatabase(db, 0.3);
  let [running, most] = [0, 0];
  const { promise: isFree, resolve: free } = Promise.withResolvers<void>();
  const writes = Array.from({ length: 4 * db.connections }, (_, index) =>
    patient.write({ tenant }, async (em) => {
      running += 1;
      most = Math.max(most, running);
      await em.execute('select 1');
      await isFree;
      running -= 1;
      // One that fails makes room, too.
      if (index % 2 === 0) throw new Error('no');
    }),
  );
  const all = Promise.allSettled(writes);
  const read = await db.read({ tenant }, (em) => em.execute('select 2 as two'));
  expect(read).toEqual([{ two: 2 }]);
  free();
  expect((await all).filter(({ status }) => status === 'fulfilled')).toHaveLength(2 * db.connections);
  expect(most).toBe(0.3 * db.connections);
});
