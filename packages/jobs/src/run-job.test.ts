import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@postern/observability';
import { expect, it, vi } from 'vitest';
import { createJobRunner, createProgressReporter, defineJob, describeFailure, FinalFailure, handles } from './index.ts';

const log = createLogger({ level: 'silent' });
const signal = new AbortController().signal;
const around = { signal, progress: () => undefined };
const greet = defineJob<{ name: string }>({ name: 'auth.greet' });

function runnerOf(run: Parameters<typeof handles<{ name: string }>>[1], task?: string) {
  const handler = handles(greet, run, { description: 'Greet', task, uid: ({ name }) => name });
  return createJobRunner({ handlers: [handler], log });
}
const attempt = { id: 'i', name: 'auth.greet', tenant: 't', args: { name: 'ada' }, attempt: 2 };

it('tells how a job went, under the name that administrators know', async () => {
  const runner = runnerOf(
    async ({ name }, { id, tenant, attempt: nth }) => ({ messages: [`${name} ${id} ${tenant} ${nth}`] }),
    'greet',
  );
  expect(await runner.run(attempt, around)).toEqual({
    ...{ status: 'successful', messages: ['ada i t 2'], error: '', task: 'greet', uid: 'ada', isFinal: false },
  });
});

it('knows jobs that are not its own for none', async () => {
  const runner = runnerOf(async () => undefined);
  expect(await runner.run({ ...attempt, name: 'auth.wave' }, around)).toMatchObject({ status: 'unknown' });
});

it('says when trying again is of no use', async () => {
  const outcomes = [new Error('later'), new FinalFailure('never')].map((error) =>
    runnerOf(async () => {
      throw error;
    }).run(attempt, around),
  );
  expect(await Promise.all(outcomes)).toMatchObject([{ isFinal: false }, { isFinal: true }]);
});

it('counts a job that was told to stop as failed, whatever it answers', async () => {
  const stopping = new AbortController();
  stopping.abort(new Error('time is up'));
  const outcome = await runnerOf(async () => ({ messages: ['done'] })).run(attempt, {
    ...around,
    signal: stopping.signal,
  });
  expect(outcome).toMatchObject({ status: 'error', error: 'time is up', messages: [] });
});

it('bounds what a job says', async () => {
  const many = Array.from({ length: 500 }, () => 'x'.repeat(5_000));
  const { messages } = await runnerOf(async () => ({ messages: many })).run(attempt, around);
  expect([messages.length, messages[0]?.length]).toEqual([100, 1_000]);
  expect(describeFailure(new Error('y'.repeat(10_000)))).toHaveLength(4_000);
});

it('refuses two who claim one job, and what runs by itself too often', () => {
  const handler = handles(greet, async () => undefined, { description: 'Greet' });
  expect(() => createJobRunner({ handlers: [handler, handler], log })).toThrow('the same job');
  expect(() => handles(greet, async () => undefined, { description: 'Greet', schedule: { everyMs: 10 } })).toThrow(
    'every 1000 ms',
  );
});

it('passes on the latest progress, not each, and loses the job for no failure of that', async () => {
  const written: number[] = [];
  const onError = vi.fn();
  const reporter = createProgressReporter({
    write: async ({ done }) => {
      written.push(done);
      if (done === 1) throw new Error('away');
    },
    onError,
    pauseMs: 30,
  });
  for (let done = 1; done <= 50; done++) reporter.report(done, 50);
  await sleep(80);
  reporter.report(Number.NaN);
  await reporter.close();
  expect(written).toEqual([1, 50, 0]);
  expect(onError).toHaveBeenCalledOnce();
});
