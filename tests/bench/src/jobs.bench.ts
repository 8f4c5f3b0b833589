import { connectDatabase } from '@postern/database';
import { createJobs, defineJob, handles, type JobOrder, job } from '@postern/jobs';
import { createLocalBus, createMessaging, messagingOn } from '@postern/messaging';
import { createLogger, createMetrics } from '@postern/observability';
import { migrationsOf } from '@postern/service';
import { createJobEngine, JOB_MIGRATIONS, QUEUE_SCHEMA } from '@postern/tasks';
import { startDatabase } from './installation.ts';
import { type Measure, percentile } from './measure.ts';
import type { Part } from './part.ts';

const BACKLOG = 40_000;
const AT_ONCE = 1_000;
const SINGLE = 2_000;
const LANES = 16;
const LONE = 300;
/** What the service runs with by itself. */
const CONCURRENCY = 20;
const DAY_MS = 86_400_000;

const small = defineJob<{ n: number }>({ name: 'tasks.small' });

/** The job queue: asking for jobs, draining a backlog of small ones, and how long a lone one waits to be picked up. */
export const jobs: Part = {
  name: 'jobs',
  async run() {
    await using closing = new AsyncDisposableStack();
    const queue = await startQueue(closing);
    const commits = Float64Array.from(await queue.commit(LONE)).sort();
    const baseline = { name: 'a lone commit, p95', value: percentile(commits, 0.95) };
    const bulk = await rateOf(BACKLOG, queue.askMany);
    const one = await rateOf(SINGLE, queue.askOneByOne);
    const drained = await rateOf(BACKLOG + SINGLE, () => queue.drain(BACKLOG + SINGLE));
    const waits = Float64Array.from(await queue.pickUp(LONE)).sort();
    const p95 = percentile(waits, 0.95);
    const note = `p50 ${percentile(waits, 0.5).toFixed(1)} ms, p99 ${percentile(waits, 0.99).toFixed(1)} ms; from the commit of who asks, over the outbox`;
    const measures: Measure[] = [
      {
        name: 'small jobs, from a backlog',
        value: drained,
        unit: 'jobs/s',
        target: { least: 5_000 },
        note: `${CONCURRENCY} at a time`,
      },
      { name: 'a lone job is picked up, p95', value: p95, unit: 'ms', target: { most: 20 }, baseline, note },
      { name: 'asking for jobs, a transaction each', value: one, unit: 'jobs/s', note: `${LANES} lanes, until stored` },
      { name: 'asking for jobs, 1,000 at once', value: bulk, unit: 'jobs/s', note: 'until stored' },
    ];
    return measures;
  },
};

async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (count / (performance.now() - begin)) * 1_000;
}

/** The queue alone, with a worker that is started when there is a backlog. */
async function startQueue(closing: AsyncDisposableStack) {
  const server = await startDatabase();
  closing.defer(() => server.stop());
  const log = createLogger({ level: 'silent' });
  const database = { entities: [], migrations: [...JOB_MIGRATIONS] };
  const db = await connectDatabase({
    url: server.url,
    schema: 'tasks',
    schemas: [QUEUE_SCHEMA],
    entities: [],
    migrations: migrationsOf({ name: 'tasks', database }),
    secretKey: 'a secret of the benchmark, long enough',
    log,
  });
  closing.defer(() => db.close());
  await db.migrate();
  const bus = createLocalBus();
  const messaging = createMessaging({ ...messagingOn(db), bus });
  const asking = createJobs({ outbox: messaging.outbox });
  let [ran, wanted] = [0, Number.POSITIVE_INFINITY];
  let reached = Promise.withResolvers<number>();
  const handler = handles(
    small,
    async () => {
      if (++ran === wanted) reached.resolve(performance.now());
    },
    { description: 'Small' },
  );
  const engine = createJobEngine({
    ...{ db, log, outbox: messaging.outbox, metrics: createMetrics(), clock: { now: () => new Date() } },
    config: { concurrency: CONCURRENCY, keepSuccessful: DAY_MS, keepFailed: DAY_MS },
    apps: {},
    handlers: [handler],
  });
  for (const consumer of engine.consumers ?? []) await messaging.subscribe(consumer);
  await messaging.start();
  closing.defer(() => messaging.stop());
  await bus.start();

  const ask = (orders: readonly JobOrder[]) => db.system((em) => asking.enqueueAll(em, {}, orders));
  const rows = async (text: string) => {
    const [row] = await db.system((em) => em.execute<{ count: number }[]>(text));
    return row?.count ?? 0;
  };
  const untilStored = async () => {
    const left =
      'select ((select count(*) from outbox) + (select count(*) from inbox where handled_at is null))::int as count';
    while ((await rows(left)) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const untilRan = async (count: number) => {
    wanted = count;
    if (ran < count) await reached.promise;
    reached = Promise.withResolvers();
  };

  return {
    async askMany() {
      for (let n = 0; n < BACKLOG; n += AT_ONCE)
        await ask(Array.from({ length: AT_ONCE }, (_, at) => job(small, { n: n + at })));
      await untilStored();
    },
    async askOneByOne() {
      const lane = async () => {
        for (let n = 0; n < SINGLE / LANES; n++) await ask([job(small, { n })]);
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      await untilStored();
    },
    /** Milliseconds that a transaction with one row takes, one after the other: what this machine does meanwhile. */
    async commit(count: number): Promise<number[]> {
      const times: number[] = [];
      for (let n = 0; n < count; n++) {
        const begin = performance.now();
        await rows(
          "insert into job_progress (job, done, total, message) values (gen_random_uuid(), 0, 0, '') returning 1 as count",
        );
        times.push(performance.now() - begin);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return times;
    },
    /** Until every job has run and the queue knows it. */
    async drain(count: number) {
      closing.defer(async () => engine.stop?.());
      const all = untilRan(count);
      await engine.start?.();
      await all;
      const open = `select count(*)::int as count from ${QUEUE_SCHEMA}.job where state <= 'active'`;
      while ((await rows(open)) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    /** Milliseconds from the commit of who asks until the job begins, one job after the other. */
    async pickUp(count: number): Promise<number[]> {
      const waits: number[] = [];
      for (let n = 0; n < count; n++) {
        wanted = ran + 1;
        await ask([job(small, { n })]);
        const begin = performance.now();
        waits.push(Math.max(0, (await reached.promise) - begin));
        reached = Promise.withResolvers();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return waits;
    },
  };
}
