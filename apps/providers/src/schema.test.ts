import { testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { entities, migrations } from './schema.ts';

const { db } = await testDatabase({ schema: 'providers', entities, migrations });

it('keeps entities and tables in step', async () => {
  expect(await db.checkSchema()).toEqual([]);
});
