import { createLogger } from '@postern/observability';

/** A log that says nothing. */
export const silentLog = createLogger({ level: 'silent' });
