/** Handles what the inbox holds: each event once, in its own transaction, again with growing pauses, and at last as a dead letter. */

import { setTimeout as sleep } from 'node:timers/promises';
import { extractTrace, inSpan } from '@postern/observability';
import type { events } from '@postern/proto';
import type { MessagingDatabase, SqlExecutor } from './database.ts';
import type { EventHandler } from './event.ts';
import { createInbox, type PendingEvent } from './inbox.ts';
import type { MessagingLogger, MessagingMetrics } from './observer.ts';
import { createSignal } from './signal.ts';
import { matchesSubject } from './subject.ts';

/** A running consumer. */
export type Consumer = {
  /** Stores an event to be handled; a repeated one is ignored, and so is one that no handler wants. */
  accept(envelope: events.Envelope): Promise<void>;
  /** Looks for events now. */
  wake(): void;
  /** Finishes the events at hand and ends. */
  stop(): Promise<void>;
};

export type ConsumerDeps<Em extends SqlExecutor> = {
  schema: string;
  durable: string;
  handlers: readonly EventHandler<Em>[];
  database: MessagingDatabase<Em>;
  /** Events in work at the same time. 1 keeps the order: a failing event holds the line until it succeeds or is given up. */
  concurrency: number;
  /** Pauses in milliseconds before the second, third, ... attempt. One attempt more than pauses, then the dead letters. */
  backoff: readonly number[];
  logger: MessagingLogger;
  metrics: MessagingMetrics;
  /** Milliseconds between looks without a wake-up. */
  sweep: number;
};

type Outcome = 'handled' | 'elsewhere' | 'failed';

const BATCH = 50;
const ELSEWHERE_MS = 200;
const BROKEN_MS = 1_000;

/** Starts a consumer. */
export function createConsumer<Em extends SqlExecutor>(deps: ConsumerDeps<Em>): Consumer {
  const { schema, durable, handlers, database, concurrency, backoff, logger, metrics, sweep } = deps;
  const inbox = createInbox({ schema, consumer: durable });
  const signal = createSignal();
  const inWork = new Map<string, Promise<void>>();
  let queue: PendingEvent[] = [];
  let isStopping = false;
  const done = run();

  async function run(): Promise<void> {
    while (!isStopping) {
      try {
        if (queue.length === 0) await look();
        const next = queue.shift();
        if (next) await begin(next);
      } catch (error) {
        logger.warn({ err: error, consumer: durable }, 'the inbox cannot be read, trying again');
        await signal.wait(BROKEN_MS);
      }
    }
    await Promise.all(inWork.values());
  }

  /** Fills the queue; waits when there is nothing to do yet. */
  async function look(): Promise<void> {
    const isInOrder = concurrency === 1;
    const found = await database.transaction(undefined, (sql) => inbox.pending(sql, BATCH + inWork.size, !isInOrder));
    queue = found.filter(({ envelope }) => !inWork.has(envelope.id));
    const [head] = queue;
    if (!head) await signal.wait(await pauseUntilDue());
    if (head && isInOrder && head.dueIn > 0) {
      queue = [];
      await signal.wait(head.dueIn);
    }
  }

  /** Failed events come due without a wake-up. */
  async function pauseUntilDue(): Promise<number> {
    if (concurrency === 1) return sweep;
    const waiting = await database.transaction(undefined, (sql) => inbox.pending(sql, BATCH + inWork.size, false));
    const pauses = waiting.filter(({ envelope }) => !inWork.has(envelope.id)).map(({ dueIn }) => Math.max(dueIn, 1));
    return Math.min(sweep, ...pauses);
  }

  /** Starts an event; waits for a free place before it returns. */
  async function begin(event: PendingEvent): Promise<void> {
    const work = attend(event).finally(() => {
      inWork.delete(event.envelope.id);
      if (concurrency > 1) signal.raise();
    });
    inWork.set(event.envelope.id, work);
    if (inWork.size >= concurrency) await Promise.race(inWork.values());
  }

  async function attend(event: PendingEvent): Promise<void> {
    const outcome = await attempt(event);
    if (outcome === 'handled') return;
    // What was read before is out of date, and in order nothing may overtake this event.
    queue = [];
    if (outcome === 'elsewhere') await sleep(ELSEWHERE_MS);
  }

  async function attempt(event: PendingEvent): Promise<Outcome> {
    const { envelope } = event;
    const startedAt = performance.now();
    try {
      if (!(await traced(envelope, () => handle(envelope)))) return 'elsewhere';
      metrics.handled(durable, (performance.now() - startedAt) / 1000);
      return 'handled';
    } catch (error) {
      await fail(event, error).catch(async (reason: unknown) => {
        logger.warn({ err: reason, consumer: durable, event: envelope.id }, 'a failed attempt cannot be noted');
        await sleep(BROKEN_MS);
      });
      return 'failed';
    }
  }

  /** Inbox row and effects in one transaction. False when the event is not ours to handle. */
  function handle(envelope: events.Envelope): Promise<boolean> {
    return database.transaction(envelope.tenant || undefined, async (em) => {
      if (!(await inbox.claim(em, envelope.id))) return false;
      for (const handler of handlers) {
        if (matchesSubject(handler.filter, envelope.subject)) await handler.handle(envelope, em);
      }
      return true;
    });
  }

  function traced<T>({ traceparent, subject, id }: events.Envelope, work: () => Promise<T>): Promise<T> {
    const parent = extractTrace((name) => (name === 'traceparent' && traceparent ? traceparent : undefined));
    const attributes = { 'messaging.consumer.name': durable, 'messaging.message.id': id };
    return inSpan(`handle ${subject}`, { kind: 'consumer', parent, attributes }, work);
  }

  async function fail(event: PendingEvent, error: unknown): Promise<void> {
    const { id, subject } = event.envelope;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const pause = backoff[event.attempts];
    metrics.failed(durable);
    await database.transaction(undefined, (sql) =>
      pause === undefined ? inbox.bury(sql, event, text) : inbox.postpone(sql, event, pause, text),
    );
    const fields = { err: error, consumer: durable, event: id, subject, attempt: event.attempts + 1 };
    if (pause !== undefined) return logger.warn(fields, 'an event could not be handled, trying again');
    metrics.buried(durable);
    logger.error(fields, 'an event is given up and lies in the dead letters');
  }

  return {
    async accept(envelope) {
      if (!handlers.some(({ filter }) => matchesSubject(filter, envelope.subject))) return;
      await database.transaction(undefined, (sql) => inbox.accept(sql, envelope));
      signal.raise();
    },
    wake: signal.raise,
    async stop() {
      isStopping = true;
      signal.raise();
      await done;
    },
  };
}
