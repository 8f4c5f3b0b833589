import { createJobs, defineJob, handles, job } from '@postern/jobs';
import { createMessaging, messagingOn, messagingTables } from '@postern/messaging';
import { aTenant, testDatabase } from '@postern/testkit';
import { afterAll, expect, it, vi } from 'vitest';
import { aJobQueue } from './jobs.fixture.ts';

const queue = await aJobQueue();
const elsewhere = await testDatabase({
  schema: 'auth',
  entities: [],
  migrations: [{ name: 'auth/0001', up: messagingTables('auth') }],
});
const messaging = createMessaging({ ...messagingOn(elsewhere.db), bus: queue.bus });
afterAll(() => messaging.stop());
const jobs = createJobs({ outbox: messaging.outbox });
const greet = defineJob<{ n: number }>({ name: 'tasks.greet' });
const { tenant } = aTenant();

it('runs what another app asked for in transactions of its own, each once', async () => {
  const ran: string[] = [];
  await queue.start([handles(greet, async (_args, { id }) => void ran.push(id), { description: 'Greet' })]);
  await messaging.start();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++)
    ids.push(await elsewhere.db.write({ tenant }, (em) => jobs.enqueue(em, { tenant }, job(greet, { n }))));
  ids.push(
    ...(await elsewhere.db.write({ tenant }, (em) =>
      jobs.enqueueAll(
        em,
        {},
        Array.from({ length: 450 }, (_, n) => job(greet, { n })),
      ),
    )),
  );
  await vi.waitFor(() => expect(ran).toHaveLength(455), 10_000);
  expect(ran.toSorted()).toEqual(ids.toSorted());
  expect(await queue.sql("select 1 from inbox where subject = 'jobs.v1.job.requested'")).toHaveLength(8);
});

it('refuses what is no job before anything is stored', async () => {
  const ask = (args: object, options = {}) =>
    elsewhere.db.write({ tenant }, (em) =>
      jobs.enqueue(em, { tenant }, job(defineJob<object>({ name: 'tasks.greet' }), args, options)),
    );
  await expect(ask([])).rejects.toThrow('arguments are a JSON object');
  await expect(ask({ text: 'a\0b' })).rejects.toThrow('no NUL characters');
  await expect(ask({ text: 'x'.repeat(420_000) })).rejects.toThrow('more than');
  await expect(ask({}, { uniqueKey: 'k'.repeat(201) })).rejects.toThrow('unique key');
  await expect(ask({}, { attempts: 0 })).rejects.toThrow('out of range');
  expect(() => defineJob({ name: 'greet' })).toThrow('expected <app>.<verb_noun>');
  expect(() => defineJob({ name: 'tasks.greet', deadlineMs: 0.5 })).toThrow('out of range');
});
