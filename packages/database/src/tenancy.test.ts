import { aTenant, testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { countedTable, defineEntity, enableTenancy, p, TENANT_COLUMNS, tenantTable } from './index.ts';

const Note = defineEntity({ name: 'Note', properties: { ...tenantTable(), text: p.text() } });
const migrations = [
  {
    name: 'test/0001-note',
    up: [
      `create table note (${TENANT_COLUMNS}, text text not null)`,
      ...enableTenancy('note'),
      ...countedTable('note'),
    ],
  },
];
const { db, sql } = await testDatabase({ schema: 'notes', entities: [Note], migrations });

it('writes and reads', async () => {
  const scope = aTenant();
  await db.write(scope, async (em) => {
    em.create(Note, { text: 'a' });
  });
  console.log(
    await db.read(scope, (em) => em.find(Note, {})),
    await sql('select * from row_counter'),
    await sql('select * from note'),
  );
  expect(await db.read(aTenant(), (em) => em.count(Note))).toBe(0);
});
