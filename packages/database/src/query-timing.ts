import type { LogContext, Logger } from '@mikro-orm/core';
import type { DatabaseLog } from './log.ts';

/** One statement that ran: its text without values, and how long it took. */
export type QueryTiming = { sql: string; milliseconds: number; failed: boolean };

/** The mapper's logger: warnings go to the log, statements to `onQuery`. Values never get here. */
export function createMapperLogger(log: DatabaseLog, onQuery: ((timing: QueryTiming) => void) | undefined): Logger {
  return {
    log: (namespace, message) => log.debug({ namespace, message }, 'database'),
    error: (namespace, message) => log.warn({ namespace, message }, 'database'),
    warn: (namespace, message) => log.warn({ namespace, message }, 'database'),
    logQuery({ query = '', took = 0, level }: LogContext) {
      onQuery?.({ sql: query, milliseconds: took, failed: level === 'error' });
    },
    setDebugMode: () => undefined,
    isEnabled: () => false,
  };
}
