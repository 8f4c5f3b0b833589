import { testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { expectOneTenant } from './index.ts';
import { people } from './people.fixture.ts';

const expected = { name: 'people/0003-expected', up: [expectOneTenant('team')] };
const { sql } = await testDatabase({ ...people, migrations: [...people.migrations, expected] });

it('lets the planner expect one tenant, until the table is counted', async () => {
  const plan = async (table: string) => {
    const rows = await sql<{ 'QUERY PLAN': string }>(
      `explain select from people.${table} where tenant_id = (select gen_random_uuid())`,
    );
    return Number(/rows=(\d+)/.exec(rows[0]?.['QUERY PLAN'] ?? '')?.[1]);
  };
  expect(await plan('team')).toBeGreaterThan(100 * (await plan('person')));
});
