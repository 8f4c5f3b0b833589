/** The messaging of one app: its outbox, relay, consumers and dead letters, on the bus of the process. */

import type pg from 'pg';
import type { EventBus, Unsubscribe } from './bus.ts';
import { type Consumer, createConsumer } from './consumer.ts';
import type { MessagingDatabase, SqlExecutor } from './database.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import type { EventHandler } from './event.ts';
import { createListener, type Listener } from './listener.ts';
import { type MessagingLogger, type MessagingMetrics, noMetrics, silentLogger } from './observer.ts';
import { createOutbox, type Outbox, type OutboxDeps, WAITING } from './outbox.ts';
import { createRelay, type Relay } from './relay.ts';
import { coveringFilter } from './subject.ts';
import { messagingChannel } from './tables.ts';

/** A durable consumer. */
export type ConsumerOptions<Em extends SqlExecutor> = {
  /** Unique in the installation, lower snake case: `<app>_<purpose>`. Its progress hangs on this name. */
  durable: string;
  handlers: readonly EventHandler<Em>[];
  /** Events in work at the same time, default 1: one after the other, in order. */
  concurrency?: number;
  /**
   * Handles events when they arrive, several of a tenant in one transaction. For handlers that change rows of this app and nothing else, and soon: whoever
   * publishes waits for them, and what they did is undone when another event of the transaction fails. Default false.
   */
  isPrompt?: boolean;
  /** Pauses in milliseconds between attempts, default 0.25 s, 1 s, 5 s, 15 s, 60 s; then the dead letters. */
  backoff?: readonly number[];
};

/** The messaging of one app. */
export type Messaging<Em extends SqlExecutor> = {
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  /** Adds a consumer; before `start`. */
  subscribe(options: ConsumerOptions<Em>): Promise<void>;
  /** Starts relay and consumers. The bus delivers once `bus.start()` was called, after all apps of the process have subscribed. */
  start(): Promise<void>;
  /** Finishes what is at hand and stops. The bus stays open: it belongs to the process. */
  stop(): Promise<void>;
};

export type MessagingDeps<Em extends SqlExecutor> = {
  schema: string;
  database: MessagingDatabase<Em>;
  /** For LISTEN, on a connection of its own. */
  connection: pg.ClientConfig;
  bus: EventBus;
  clock?: OutboxDeps['clock'];
  ids?: OutboxDeps['ids'];
  logger?: MessagingLogger;
  metrics?: MessagingMetrics;
  /** Milliseconds between looks without a wake-up, default 30,000. */
  sweep?: number;
};

const BACKOFF = [250, 1_000, 5_000, 15_000, 60_000];

/** Creates the messaging of an app. Nothing runs before `start`. */
export function createMessaging<Em extends SqlExecutor>(deps: MessagingDeps<Em>): Messaging<Em> {
  const { schema, database, connection, bus, clock, ids } = deps;
  const { logger = silentLogger, metrics = noMetrics, sweep = 30_000 } = deps;
  const declared: ConsumerOptions<Em>[] = [];
  const consumers: Consumer[] = [];
  const endings: Unsubscribe[] = [];
  let relay: Relay | undefined;
  let listener: Listener | undefined;

  async function run(options: ConsumerOptions<Em>): Promise<void> {
    const { durable, handlers, concurrency = 1, backoff = BACKOFF, isPrompt = false } = options;
    const consumer = createConsumer({
      schema,
      durable,
      handlers,
      database,
      concurrency,
      backoff,
      logger,
      metrics,
      sweep,
      isPrompt,
    });
    consumers.push(consumer);
    const filter = coveringFilter(handlers.map((handler) => handler.filter));
    endings.push(await bus.subscribe({ durable, filter, ordered: concurrency === 1, accept: consumer.accept }));
  }

  function onNotify(payload: string): void {
    if (payload === WAITING) relay?.wakeSoon();
    else if (payload !== 'inbox') relay?.wake();
    if (payload !== 'outbox' && payload !== WAITING) for (const consumer of consumers) consumer.wake();
  }

  return {
    outbox: createOutbox({ schema, clock, ids }),
    deadLetters: createDeadLetters({ schema, database }),
    async subscribe(options) {
      if (relay) throw new TypeError('consumers subscribe before messaging starts');
      coveringFilter(options.handlers.map((handler) => handler.filter));
      declared.push(options);
    },
    async start() {
      for (const options of declared) await run(options);
      relay = createRelay({ schema, database, bus, logger, metrics, sweep });
      listener = createListener({ connection, channel: messagingChannel(schema), onNotify, logger });
      const deafen = bus.onGap(() => relay?.wake());
      endings.push(async () => deafen());
    },
    async stop() {
      await Promise.all(endings.splice(0).map((end) => end()));
      await listener?.close();
      await relay?.stop();
      await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    },
  };
}
