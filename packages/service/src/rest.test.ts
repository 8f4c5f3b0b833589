import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { collectAtRest } from './rest.ts';

it('gives back what a process has left behind once it comes to rest', async () => {
  const left = new WeakRef({ by: 'the start' });
  const stop = collectAtRest();
  // Whoever shows what was expected holds on to it.
  const isGone = () => left.deref() === undefined;
  await vi.waitFor(() => expect(isGone()).toBe(true), { timeout: 30_000, interval: 500 });
  stop();
}, 40_000);

it('stops a process that works again and again no more often than it may', async () => {
  const times: number[] = [];
  const apartMs = 500;
  const stop = collectAtRest({
    pauses: { soonMs: 50, laterMs: 50, apartMs },
    collect: () => times.push(performance.now()),
  });
  while (times.length < 3) {
    work(60);
    await sleep(100);
  }
  stop();
  const gaps = times.slice(1).map((time, index) => time - Number(times[index]));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(apartMs);
}, 40_000);

function work(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}
