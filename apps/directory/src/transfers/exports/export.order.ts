import { defineJob } from '@postern/jobs';

/** How long one turn writes, in milliseconds. */
export const TURN_MS = 45_000;

/** How often a turn is tried. */
export const EXPORT_ATTEMPTS = 20;

/** Goes on with an export. */
export const WRITE_EXPORT = defineJob<{ id: string }>({
  name: 'directory.write_export',
  attempts: EXPORT_ATTEMPTS,
  deadlineMs: 2 * TURN_MS,
});
