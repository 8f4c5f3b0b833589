/** Handles what the inbox holds: each event once, in its own transaction, again with growing pauses, and at last as a dead letter. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { events } from '@postern/proto';
import { type AttemptDeps, createAttempt } from './attempt.ts';
import type { SqlExecutor } from './database.ts';
import type { EventHandler } from './event.ts';
import { createInbox, type PendingEvent } from './inbox.ts';
import { createPromptHandling } from './prompt.handling.ts';
import { createSignal } from './signal.ts';
import { matchesSubject } from './subject.ts';

/** A running consumer. */
export type Consumer = {
  /** Stores events to be handled; a repeated one is ignored, and so is one that no handler wants. */
  accept(...envelopes: events.Envelope[]): Promise<void>;
  /** Looks for events now. */
  wake(): void;
  /** Finishes the events at hand and ends. */
  stop(): Promise<void>;
};

export type ConsumerDeps<Em extends SqlExecutor> = Omit<AttemptDeps<Em>, 'inbox'> & {
  schema: string;
  /** Events in work at the same time. 1 keeps the order: a failing event holds the line until it succeeds or is given up. */
  concurrency: number;
  /** Milliseconds between looks without a wake-up. */
  sweep: number;
  /** Events are handled when they arrive, several at once. */
  isPrompt: boolean;
};

const BATCH = 50;
const ELSEWHERE_MS = 200;
const BROKEN_MS = 1_000;
const PRUNE_MS = 3_600_000;
/** Longer than the broker keeps events by default, so that even one that is sent from the start is recognised. */
const REMEMBERED_DAYS = 15;

/** Starts a consumer. */
export function createConsumer<Em extends SqlExecutor>(deps: ConsumerDeps<Em>): Consumer {
  const { schema, durable, handlers, database, concurrency, logger, sweep, isPrompt } = deps;
  const inbox = createInbox({ schema, consumer: durable });
  const attempt = createAttempt({ ...deps, inbox });
  const prompt = createPromptHandling({ ...deps, inbox });
  const signal = createSignal();
  const inWork = new Map<string, Promise<void>>();
  let queue: PendingEvent[] = [];
  /** The last look found all there is: what comes since raises the signal. */
  let hasSeenAll = false;
  /** When the first of those comes due that wait for another attempt. */
  let dueAt = Number.POSITIVE_INFINITY;
  let pruneAt = 0;
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
    if (hasSeenAll) await signal.wait(Math.max(1, Math.min(sweep, dueAt - performance.now())));
    if (isStopping) return;
    const isInOrder = concurrency === 1;
    const limit = BATCH + inWork.size;
    const found = await inbox.pending(database, limit, isInOrder);
    const idle = found.filter(({ envelope }) => !inWork.has(envelope.id));
    const later = idle.findIndex(({ dueIn }) => dueIn > 0);
    // What comes due later stands last, or, in order, before all that may not overtake it.
    queue = later < 0 ? idle : idle.slice(0, later);
    hasSeenAll = later >= 0 || found.length < limit;
    dueAt = performance.now() + (idle[later]?.dueIn ?? Number.POSITIVE_INFINITY);
    if (found.length === 0) await prune();
  }

  /** Idle moments are for forgetting old ids, now and then. */
  async function prune(): Promise<void> {
    if (performance.now() < pruneAt) return;
    const count = await database.transaction(undefined, (sql) => inbox.prune(sql, REMEMBERED_DAYS));
    if (count === 0) pruneAt = performance.now() + PRUNE_MS;
  }

  /** Starts an event; waits for a free place before it returns. */
  async function begin(event: PendingEvent): Promise<void> {
    await prompt.done();
    const work = attend(event).finally(() => {
      inWork.delete(event.envelope.id);
    });
    inWork.set(event.envelope.id, work);
    if (inWork.size >= concurrency) await Promise.race(inWork.values());
  }

  async function attend(event: PendingEvent): Promise<void> {
    const outcome = await attempt(event);
    if (outcome === 'handled') return;
    // What was read before is out of date, and in order nothing may overtake this event.
    queue = [];
    hasSeenAll = false;
    signal.raise();
    if (outcome === 'elsewhere') await sleep(ELSEWHERE_MS);
  }

  const isIdle = () => hasSeenAll && queue.length === 0 && inWork.size === 0 && !isStopping;

  return {
    async accept(...envelopes) {
      const wanted = envelopes.filter((envelope) => handlers.some((handler) => isFor(handler, envelope)));
      if (wanted.length === 0 || (isPrompt && isIdle() && (await prompt.handle(wanted)))) return;
      await inbox.accept(database, wanted);
      signal.raise();
    },
    wake: signal.raise,
    async stop() {
      isStopping = true;
      signal.raise();
      await done;
      await prompt.done();
    },
  };
}

/** Whether a handler has something to do with an event. */
function isFor({ filter, wants }: EventHandler<never>, envelope: events.Envelope): boolean {
  return matchesSubject(filter, envelope.subject) && wants?.(envelope) !== false;
}
