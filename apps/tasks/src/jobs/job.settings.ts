import { count, defineConfig, duration } from '@postern/config';

/** Settings of the job queue. */
export const jobSettings = defineConfig({
  concurrency: count('Jobs that a process of the tasks service runs at the same time.', '20'),
  keepSuccessful: duration('How long jobs that succeeded are kept.', '1d'),
  keepFailed: duration('How long jobs that failed for good are kept.', '30d'),
});
