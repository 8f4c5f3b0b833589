/** The bus of a single process: an event goes straight from the outbox of one app into the inboxes of the others. */

import { createBroadcaster } from './broadcaster.ts';
import { BusNotStarted, type DurableSubscription, type EventBus } from './bus.ts';
import { matchesSubject } from './subject.ts';

/**
 * Creates the local bus. Publishing resolves when every consumer has the event in its inbox, so an event leaves the
 * outbox only then; what a consumer has handled stands in its own schema and survives restarts.
 */
export function createLocalBus(): EventBus {
  const consumers = new Set<DurableSubscription>();
  const tails = createBroadcaster<Parameters<Parameters<EventBus['tail']>[1]>[0]>();
  const broadcasts = createBroadcaster<Uint8Array>();
  const gapListeners = new Set<() => void>();
  let isOpen = false;
  return {
    async start() {
      isOpen = true;
      // Relays that were turned away before come back at once.
      for (const listener of gapListeners) listener();
    },
    async publish(...envelopes) {
      if (!isOpen) throw new BusNotStarted('the local bus is not started: a consumer might miss the event');
      for (const consumer of consumers) {
        const wanted = envelopes.filter(({ subject }) => matchesSubject(consumer.filter, subject));
        if (wanted.length > 0) await consumer.accept(...wanted);
      }
      for (const envelope of envelopes) tails.send(envelope.subject, envelope);
    },
    async subscribe(subscription) {
      const isTaken = [...consumers].some(({ durable }) => durable === subscription.durable);
      if (isTaken) throw new TypeError(`there is a consumer named '${subscription.durable}' already`);
      consumers.add(subscription);
      return async () => {
        consumers.delete(subscription);
      };
    },
    tail: (filter, listener) => tails.listen(filter, listener),
    // By value, as over the wire: what a listener does to the bytes reaches nobody else.
    broadcast: (subject, payload) => broadcasts.send(subject, Uint8Array.from(payload)),
    onBroadcast: (filter, listener) => broadcasts.listen(filter, listener),
    onGap(listener) {
      gapListeners.add(listener);
      return () => gapListeners.delete(listener);
    },
    isConnected: () => true,
    async close() {
      isOpen = false;
      consumers.clear();
    },
  };
}
