/** One attempt to handle one event: claim, handlers and inbox row in one transaction, and what follows from a failure. */

import { setTimeout as sleep } from 'node:timers/promises';
import { extractTrace, inSpan } from '@postern/observability';
import type { events } from '@postern/proto';
import type { MessagingDatabase, SqlExecutor } from './database.ts';
import type { EventHandler } from './event.ts';
import type { Inbox, PendingEvent } from './inbox.ts';
import type { MessagingLogger, MessagingMetrics } from './observer.ts';
import { matchesSubject } from './subject.ts';

/** How an attempt ended; `elsewhere` when another replica has the event or had it. */
export type Outcome = 'handled' | 'elsewhere' | 'failed';

export type AttemptDeps<Em extends SqlExecutor> = {
  durable: string;
  handlers: readonly EventHandler<Em>[];
  database: MessagingDatabase<Em>;
  /** Pauses in milliseconds before the second, third, ... attempt. One attempt more than pauses, then the dead letters. */
  backoff: readonly number[];
  logger: MessagingLogger;
  metrics: MessagingMetrics;
  inbox: Inbox;
};

const BROKEN_MS = 1_000;

/** A span around the handling of an event, in the trace of what caused it. */
export function traced<T>(
  durable: string,
  { traceparent, subject, id }: events.Envelope,
  work: () => Promise<T>,
): Promise<T> {
  const parent = extractTrace((name) => (name === 'traceparent' && traceparent ? traceparent : undefined));
  const attributes = { 'messaging.consumer.name': durable, 'messaging.message.id': id };
  return inSpan(`handle ${subject}`, { kind: 'consumer', parent, attributes }, work);
}

/** Makes the function that attempts an event. It never throws. */
export function createAttempt<Em extends SqlExecutor>(
  deps: AttemptDeps<Em>,
): (event: PendingEvent) => Promise<Outcome> {
  const { durable, handlers, database, backoff, logger, metrics, inbox } = deps;

  function handle(envelope: events.Envelope): Promise<boolean> {
    return database.transaction(envelope.tenant || undefined, async (em) => {
      if (!(await inbox.claim(em, envelope.id))) return false;
      for (const handler of handlers) {
        if (matchesSubject(handler.filter, envelope.subject)) await handler.handle(envelope, em);
      }
      return true;
    });
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

  return async (event) => {
    const startedAt = performance.now();
    try {
      if (!(await traced(durable, event.envelope, () => handle(event.envelope)))) return 'elsewhere';
      metrics.handled(durable, (performance.now() - startedAt) / 1000);
      return 'handled';
    } catch (error) {
      await fail(event, error).catch(async (reason: unknown) => {
        logger.warn({ err: reason, consumer: durable, event: event.envelope.id }, 'a failed attempt cannot be noted');
        await sleep(BROKEN_MS);
      });
      return 'failed';
    }
  };
}
