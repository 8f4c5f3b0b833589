import { PolicyFailed } from './policy.question.ts';

/** Lets a policy work for so many seconds. What is late counts as failed; its signal tells it to stop. */
export async function within<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const clock = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const late = new PolicyFailed(`Policy took longer than ${seconds} seconds.`);
    controller.abort(late);
    clock.reject(late);
  }, seconds * 1000);
  try {
    return await Promise.race([work(controller.signal), clock.promise]);
  } finally {
    clearTimeout(timer);
  }
}
