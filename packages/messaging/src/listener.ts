/** A connection of its own that listens to NOTIFY, and comes back whenever it is lost. */

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { quoted } from './database.ts';
import type { MessagingLogger } from './observer.ts';

/** Listens to a channel until it is closed. */
export type Listener = { close(): Promise<void> };

export type ListenerDeps = {
  /** Where and how to connect. Not through a transaction pooler: LISTEN belongs to the session. */
  connection: pg.ClientConfig;
  channel: string;
  /** Called for each notification, and with an empty payload after every (re)connect: something may have been missed. */
  onNotify(payload: string): void;
  logger: MessagingLogger;
};

const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 3_000;

/** Starts listening in the background; never throws for want of a database. */
export function createListener({ connection, channel, onNotify, logger }: ListenerDeps): Listener {
  const closing = new AbortController();
  const done = listenForEver();

  async function listenForEver(): Promise<void> {
    for (let delay = RETRY_FIRST_MS; !closing.signal.aborted; delay = Math.min(delay * 2, RETRY_MAX_MS)) {
      try {
        await listenOnce(() => {
          delay = RETRY_FIRST_MS;
        });
      } catch (error) {
        logger.warn({ err: error, channel }, 'the notification connection is lost, reconnecting');
      }
      await sleep(delay, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  }

  async function listenOnce(onConnected: () => void): Promise<void> {
    const client = new pg.Client({ ...connection, keepAlive: true });
    const ended = Promise.withResolvers<void>();
    // A rejection before anyone awaits it would end the process.
    ended.promise.catch(() => undefined);
    client.on('error', ended.reject);
    client.on('end', () => ended.resolve());
    client.on('notification', ({ payload }) => onNotify(payload ?? ''));
    const stop = (): void => ended.resolve();
    closing.signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      await client.query(`listen ${quoted(channel)}`);
      onConnected();
      onNotify('');
      if (!closing.signal.aborted) await ended.promise;
    } finally {
      closing.signal.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    }
  }

  return {
    async close() {
      closing.abort();
      await done;
    },
  };
}
