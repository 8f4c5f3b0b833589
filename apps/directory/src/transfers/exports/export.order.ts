import { defineJob } from '@postern/jobs';

/** How long one turn writes, in milliseconds. */
export const TURN_MS = 45_000;

/** Goes on with an export. */
export const WRITE_EXPORT = defineJob<{ id: string }>({
  name: 'directory.write_export',
  attempts: 20,
  deadlineMs: 2 * TURN_MS,
});
