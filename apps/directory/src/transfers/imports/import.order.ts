import { defineJob } from '@postern/jobs';

/** Milliseconds after which a job lets another one go on: a process that dies holds an import up no longer than a job may take. */
export const TURN_MS = 45_000;

/** How often a turn is tried. */
export const IMPORT_ATTEMPTS = 20;

/** Goes on with an import. */
export const READ_IMPORT = defineJob<{ id: string }>({
  name: 'directory.read_import',
  attempts: IMPORT_ATTEMPTS,
  deadlineMs: 2 * TURN_MS,
});
