import { expect, it, vi } from 'vitest';
import { collectAtRest } from './rest.ts';

it('gives back what a process has left behind once it comes to rest', async () => {
  const left = new WeakRef({ by: 'the start' });
  const stop = collectAtRest();
  await vi.waitFor(() => expect(left.deref()).toBeUndefined(), { timeout: 30_000, interval: 500 });
  stop();
}, 40_000);
