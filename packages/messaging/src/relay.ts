/** Moves events from the outbox of one schema to the bus, in order, one replica at a time. */

import { prepared } from '@postern/database';
import { events } from '@postern/proto';
import { BusNotStarted, type EventBus } from './bus.ts';
import { bytesOf, type MessagingDatabase, quoted, rowsOf, type SqlExecutor, textOf } from './database.ts';
import type { MessagingLogger, MessagingMetrics } from './observer.ts';
import { createSignal } from './signal.ts';

/** The relay of an app. */
export type Relay = {
  /** Looks for events now. */
  wake(): void;
  /** Looks for events within a tenth of a second. */
  wakeSoon(): void;
  /** Finishes the event at hand and ends. */
  stop(): Promise<void>;
};

export type RelayDeps = {
  schema: string;
  database: MessagingDatabase;
  bus: Pick<EventBus, 'publish' | 'isConnected'>;
  logger: MessagingLogger;
  metrics: MessagingMetrics;
  /** Milliseconds between looks without a wake-up: the net below LISTEN/NOTIFY. */
  sweep: number;
};

type Round = { outcome: 'empty' | 'more' | 'busy' | 'blocked'; error?: unknown };

const LOCK = prepared('select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as mine');
const BATCH = 100;
const BUSY_MS = 1_000;
const SOON_MS = 100;
const BLOCKED_FIRST_MS = 100;
const BLOCKED_MAX_MS = 5_000;

/** Starts the relay. */
export function createRelay({ schema, database, bus, logger, metrics, sweep }: RelayDeps): Relay {
  const signal = createSignal();
  let isStopping = false;
  let soon: NodeJS.Timeout | undefined;
  const done = run();

  async function run(): Promise<void> {
    for (let failures = 0; !isStopping; ) {
      const { outcome, error } = await round();
      failures = outcome === 'blocked' ? failures + 1 : 0;
      const isNews = failures === 1 && !(error instanceof BusNotStarted);
      if (isNews) logger.warn({ err: error, schema }, 'events wait in the outbox: the bus does not take them');
      if (outcome !== 'more' && !isStopping) await signal.wait(pause(outcome, failures));
    }
    // What was about to be told is told.
    if (soon !== undefined) await round();
  }

  function pause(outcome: Round['outcome'], failures: number): number {
    if (outcome === 'blocked') return Math.min(BLOCKED_FIRST_MS * 2 ** (failures - 1), BLOCKED_MAX_MS);
    return outcome === 'busy' ? BUSY_MS : sweep;
  }

  async function round(): Promise<Round> {
    try {
      return await database.transaction(undefined, drain);
    } catch (error) {
      return { outcome: 'blocked', error };
    }
  }

  /** Publishes one batch inside the transaction that deletes it. A crash in between publishes again, under the same ids. */
  async function drain(sql: SqlExecutor): Promise<Round> {
    const [lock] = await rowsOf(sql, LOCK, [`${schema}.outbox`]);
    if (lock?.mine !== true) return { outcome: 'busy' };
    const rows = await rowsOf(
      sql,
      prepared(`select seq::text as position, envelope, extract(epoch from clock_timestamp() - recorded_at)::text as age
       from ${quoted(schema)}.outbox order by seq limit ${BATCH}`),
    );
    metrics.lag(schema, Number(rows[0]?.age ?? 0));
    if (rows.length === 0) return { outcome: 'empty' };
    try {
      await bus.publish(...rows.map((row) => events.Envelope.decode(bytesOf(row, 'envelope'))));
    } catch (error) {
      metrics.publishFailed(schema);
      return { outcome: 'blocked', error };
    }
    await forget(
      sql,
      rows.map((row) => textOf(row, 'position')),
    );
    // What is committed after this look wakes the relay by itself: only a full batch says that there is more.
    return { outcome: rows.length < BATCH ? 'empty' : 'more' };
  }

  async function forget(sql: SqlExecutor, published: string[]): Promise<void> {
    const gone = prepared(`delete from ${quoted(schema)}.outbox where seq = any (?::bigint[]) returning 1`);
    await rowsOf(sql, gone, [`{${published.join(',')}}`]);
    metrics.published(schema, published.length);
  }

  return {
    wake: signal.raise,
    wakeSoon() {
      soon ??= setTimeout(() => {
        soon = undefined;
        signal.raise();
      }, SOON_MS).unref();
    },
    async stop() {
      isStopping = true;
      signal.raise();
      await done;
      clearTimeout(soon);
    },
  };
}
