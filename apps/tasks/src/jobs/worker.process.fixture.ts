/** A worker as a process of its own, to be killed. Argument: a JSON object. It writes down when jobs begin and end. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@postern/database';
import { defineJob, handles } from '@postern/jobs';
import { createOutbox } from '@postern/messaging';
import { createLogger, createMetrics } from '@postern/observability';
import { createJobEngine } from './index.ts';

const [, , text = '{}'] = process.argv;
const { url, name, secret }: { url: string; name: string; secret: string } = JSON.parse(text);
const log = createLogger({ level: 'silent' });
const db = await connectDatabase({ url, schema: 'tasks', entities: [], migrations: [], secretKey: secret, log });

const write = (job: string, attempt: number, event: string) =>
  db.system(async (em) => {
    await em.execute('insert into ledger (job, attempt, worker, event) values (?, ?, ?, ?)', [
      job,
      attempt,
      name,
      event,
    ]);
  });

const dig = handles(
  defineJob<{ ms: number }>({ name: 'tasks.dig' }),
  async ({ ms }, { id, attempt, signal }) => {
    await write(id, attempt, 'begin');
    await sleep(ms, undefined, { signal });
    await write(id, attempt, 'end');
  },
  { description: 'Dig' },
);

const engine = createJobEngine({
  db,
  outbox: createOutbox({ schema: 'tasks' }),
  log,
  metrics: createMetrics(),
  clock: { now: () => new Date() },
  config: { concurrency: 8, keepSuccessful: 1e9, keepFailed: 1e9 },
  apps: {},
  handlers: [dig],
  timing: { leaseMargin: 1 },
});
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => void (engine.stop?.() ?? Promise.resolve()).then(() => process.exit(0)));
await engine.start?.();
process.send?.('ready');
