/** Events: outbox, relay, bus, idempotent consumers, dead letters. */

export { type ActingPrincipal, actorOf } from './actor.ts';
export { messagingOn } from './app-database.ts';
export type { DurableSubscription, EventBus, Unsubscribe } from './bus.ts';
export type { MessagingDatabase, SqlExecutor } from './database.ts';
export type { DeadLetter, DeadLetters } from './dead-letters.ts';
export {
  defineEvent,
  type EventDefinition,
  type EventFacts,
  type EventHandler,
  type MessageCodec,
  on,
  onSubject,
  type ReceivedEvent,
} from './event.ts';
export { loadNatsBus } from './far.bus.ts';
export { createListener, type Listener, type ListenerDeps } from './listener.ts';
export { createLocalBus } from './local.bus.ts';
export { messagingMetrics } from './messaging.metrics.ts';
export { type ConsumerOptions, createMessaging, type Messaging, type MessagingDeps } from './messaging.ts';
export type { NatsBusOptions } from './nats.bus.ts';
export type { MessagingLogger, MessagingMetrics } from './observer.ts';
export { createOutbox, type EventContext, type Fact, fact, type Outbox, type OutboxDeps } from './outbox.ts';
export { redactQuery } from './query.redaction.ts';
export { createSignal, type Signal } from './signal.ts';
export { matchesSubject } from './subject.ts';
export { MESSAGING_TABLES, messagingTables } from './tables.ts';
export { type Trimmed, trimMessages } from './trim.ts';
