/** Listeners within a process, by subject filter. */

import type { Unsubscribe } from './bus.ts';
import { matchesSubject, requireFilter } from './subject.ts';

/** Sends values to whoever listens now. */
export type Broadcaster<T> = {
  send(subject: string, value: T): void;
  listen(filter: string, listener: (value: T, subject: string) => void): Unsubscribe;
};

/** Creates a broadcaster. A listener runs after the sender's turn, so that none can throw into the sender. */
export function createBroadcaster<T>(): Broadcaster<T> {
  const listeners = new Set<{ filter: string; listener: (value: T, subject: string) => void }>();
  return {
    send(subject, value) {
      for (const { filter, listener } of listeners) {
        if (matchesSubject(filter, subject)) setImmediate(listener, value, subject);
      }
    },
    listen(filter, listener) {
      const entry = { filter: requireFilter(filter), listener };
      listeners.add(entry);
      return async () => {
        listeners.delete(entry);
      };
    },
  };
}
