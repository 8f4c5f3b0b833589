/** The port that carries events between apps. Two adapters: NATS JetStream and local. One contract suite. */

import type { events } from '@postern/proto';

/** Ends a subscription or a listener. */
export type Unsubscribe = () => Promise<void>;

/** What a durable consumer asks of the bus. */
export type DurableSubscription = {
  /** Name of the consumer, unique in the installation, lower snake case: `<app>_<purpose>`. */
  durable: string;
  /** One filter that covers all its subjects. */
  filter: string;
  /** Whether events must arrive one after the other, in the order of publication. */
  ordered: boolean;
  /** Stores events durably, in this order, all of them or none; when it resolves the bus forgets them for this consumer. May be called twice for one event. */
  accept(...envelopes: events.Envelope[]): Promise<void>;
};

/** Carries events durably, and broadcasts to whoever is there. */
export type EventBus = {
  /** Opens delivery. Call when every consumer of the process has subscribed; nothing is delivered before. Never waits for a broker. */
  start(): Promise<void>;
  /** Hands events over, in this order. Resolves when all are safe with the broker (or with every consumer); rejects when one is not. Repeating it is harmless. */
  publish(...envelopes: events.Envelope[]): Promise<void>;
  /** Adds a durable consumer. Delivery survives restarts of either side. */
  subscribe(subscription: DurableSubscription): Promise<Unsubscribe>;
  /** Listens to events as they are published, on every replica, without durability: for caches. See `onGap`. */
  tail(filter: string, listener: (envelope: events.Envelope) => void): Unsubscribe;
  /** Tells every replica that listens now. Lost when the broker is away. */
  broadcast(subject: string, payload: Uint8Array): void;
  /** Listens to broadcasts. */
  onBroadcast(filter: string, listener: (payload: Uint8Array, subject: string) => void): Unsubscribe;
  /** Called when broadcasts and tailed events may have been missed (the broker is back): drop what was cached. */
  onGap(listener: () => void): () => void;
  /** False while the broker is unreachable; always true for the local bus. */
  isConnected(): boolean;
  /** Ends all subscriptions and the connection. */
  close(): Promise<void>;
};

/** The bus of this process is not open yet: whoever publishes is woken when it is. */
export class BusNotStarted extends Error {
  override readonly name = 'BusNotStarted';
}
