import { getConstructionPlans } from 'pg-boss';
import { expect, it } from 'vitest';
import { QUEUE_SCHEMA } from './job.migrations.ts';
import { PG_BOSS_43 } from './pg-boss.migrations.ts';

const words = (sql: string) => sql.replaceAll(/\s+/g, ' ').trim();

it('has the tables that the installed release of the queue expects: another release needs a migration of its own', () => {
  const plans = words(getConstructionPlans(QUEUE_SCHEMA, { createSchema: true }));
  const [, body = ''] = /(CREATE SCHEMA.*) COMMIT;$/.exec(plans) ?? [];
  expect(words(PG_BOSS_43)).toBe(body);
});
