import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { defineJob, job, requestOf } from '@postern/jobs';
import { TEST_SECRET } from '@postern/testkit';
import { v7 } from 'uuid';
import { afterAll, expect, it, vi } from 'vitest';
import { wantedOf } from './job.consumer.ts';
import { createJobPool } from './job.pool.ts';
import { createJobQueue } from './job.queue.ts';
import { sqlOf } from './job.sql.ts';
import { aJobQueue } from './jobs.fixture.ts';
import { silentLog } from './log.fixture.ts';

const JOBS = 120;
const { db, sql, url } = await aJobQueue();
const dig = defineJob<{ ms: number }>({ name: 'tasks.dig', deadlineMs: 2_000, backoff: { firstMs: 10, maxMs: 10 } });

async function startWorker(name: string): Promise<ChildProcess> {
  const child = fork(
    new URL('worker.process.fixture.ts', import.meta.url),
    [JSON.stringify({ url, name, secret: TEST_SECRET })],
    { execArgv: ['--conditions=@postern/source'] },
  );
  afterAll(() => child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

async function store(count: number): Promise<void> {
  const pool = createJobPool({ url: db.url, log: silentLog });
  const queue = createJobQueue({ pool, sql: sqlOf(db), log: silentLog, onNews: () => undefined, leaseMargin: 1 });
  const orders = Array.from({ length: count }, () => wantedOf(requestOf(job(dig, { ms: 40 }), v7(), '')));
  await db.system((em) => queue.store(em, orders));
  await queue.stop();
  await pool.close();
}

type Entry = { job: string; attempt: number; worker: string; event: 'begin' | 'end'; at: Date };

it('loses no job and runs none twice at once when a worker is killed', async () => {
  const [doomed, survivor] = await Promise.all([startWorker('doomed'), startWorker('survivor')]);
  await store(JOBS);
  const done = () => sql("select 1 from tasks_jobs.job where state = 'completed'");
  await vi.waitFor(async () => expect((await done()).length).toBeGreaterThan(30), { timeout: 10_000, interval: 20 });
  doomed.kill('SIGKILL');
  await vi.waitFor(async () => expect(await done()).toHaveLength(JOBS), { timeout: 25_000, interval: 50 });

  const ledger = Map.groupBy(await sql<Entry>('select * from ledger order by at'), (entry) => entry.job);
  expect(ledger.size).toBe(JOBS);
  const interrupted = [...ledger.values()].filter((entries) => entries.some(({ attempt }) => attempt > 1));
  expect(interrupted.length).toBeGreaterThan(0);
  for (const entries of ledger.values()) {
    const last = Math.max(...entries.map(({ attempt }) => attempt));
    const [before, final] = [
      entries.filter(({ attempt }) => attempt < last),
      entries.filter(({ attempt }) => attempt === last),
    ];
    expect(final.map(({ event }) => event)).toEqual(['begin', 'end']);
    const [begun] = before;
    if (!begun) continue;
    // Not before the lease of the one that was killed had ended: three seconds from when it took the job, which was before it began.
    expect(begun.worker).toBe('doomed');
    expect((final[0]?.at.getTime() ?? 0) - begun.at.getTime()).toBeGreaterThan(2_000);
  }
  survivor.kill('SIGTERM');
  const [code] = await once(survivor, 'exit');
  expect(code).toBe(0);
}, 40_000);
