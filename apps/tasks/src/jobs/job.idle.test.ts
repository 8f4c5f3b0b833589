import { setTimeout as sleep } from 'node:timers/promises';
import { defineJob, handles, job } from '@postern/jobs';
import { expect, it, vi } from 'vitest';
import { aJobQueue } from './jobs.fixture.ts';

const queue = await aJobQueue();
const hello = defineJob({ name: 'tasks.hello' });
const times: number[] = [];
const statements: string[] = [];
await queue.start([handles(hello, async () => void times.push(Date.now()), { description: 'Say hello' })], {
  timing: { beatMs: 60_000 },
  onStatement: (text) => statements.push(text),
});

/** Statements that any connection of the service sent, as the server saw them. */
const lastSent = async () => {
  const [row] = await queue.sql<{ at: Date | null }>(
    `select max(query_start) as at from pg_stat_activity where datname = current_database() and application_name like 'postern tasks%'`,
  );
  return row?.at?.getTime();
};

it('asks the database nothing while there is nothing to do', async () => {
  await queue.enqueue(job(hello, {}));
  await vi.waitFor(() => expect(times).toHaveLength(1), 5_000);
  await sleep(700);
  const [before, count] = [await lastSent(), statements.length];
  await sleep(1_500);
  expect(await lastSent()).toBe(before);
  expect(statements).toHaveLength(count);
});

it('takes three statements for a lone job', async () => {
  statements.length = 0;
  await queue.enqueue(job(hello, {}));
  await vi.waitFor(() => expect(times).toHaveLength(2), 5_000);
  await sleep(300);
  expect(statements).toHaveLength(3);
});
