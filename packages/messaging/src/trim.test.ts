import { randomUUID } from 'node:crypto';
import { testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { messagingTables, trimMessages } from './index.ts';

const { db, sql } = await testDatabase({
  schema: 'trim',
  entities: [],
  migrations: [{ name: 'trim/0001', up: messagingTables('trim') }],
});

it('removes handled events and dead letters that outlived their use, and nothing that waits', async () => {
  const inbox = (consumer: string, handled: string | null) =>
    sql(
      `insert into inbox (consumer, event_id, subject, accepted_at, handled_at) values ($1, $2, 'a', '2020-01-01', $3)`,
      [consumer, randomUUID(), handled],
    );
  await inbox('old', '2020-01-01');
  await inbox('fresh', new Date().toISOString());
  await inbox('waiting', null);
  for (const buried of ['2020-01-01', new Date().toISOString()])
    await sql(
      `insert into dead_letters (consumer, event_id, subject, envelope, attempts, last_error, buried_at) values ('c', $1, 'a', '', 1, 'e', $2)`,
      [randomUUID(), buried],
    );
  expect(await db.system((em) => trimMessages(em, 'trim'))).toEqual({ handled: 1, dead: 1 });
  expect(await sql('select consumer from inbox order by 1')).toEqual([{ consumer: 'fresh' }, { consumer: 'waiting' }]);
  expect(await sql('select 1 from dead_letters')).toHaveLength(1);
});
