import { migrationsOf } from '@postern/service';
import { testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { auth } from './index.ts';

const { entities } = auth.database;
const { db } = await testDatabase({ schema: 'auth', entities, migrations: migrationsOf(auth) });

it('has tables that agree with its entities and are closed by tenant', async () => {
  expect(await db.checkSchema()).toEqual([]);
});
