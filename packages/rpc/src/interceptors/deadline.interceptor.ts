import { common } from '@postern/errors';
import type { Interceptor } from '../exchange.ts';

/** Answers at the deadline at the latest, and at once when the caller goes away; the handler is told by its signal. */
export function keepDeadline({ now }: { now: () => number }): Interceptor {
  return async ({ abort, deadline }, next) => {
    const { signal } = abort;
    const left = deadline - now();
    if (left <= 0) abort.abort(common.DEADLINE_EXCEEDED());
    signal.throwIfAborted();
    const timer = setTimeout(() => abort.abort(common.DEADLINE_EXCEEDED()), left);
    let onAbort = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([next(), interrupted]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  };
}
