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
