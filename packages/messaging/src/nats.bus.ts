/** The bus of services that run apart: NATS JetStream for events, plain NATS for broadcasts. Works with nats-server 2.9. */

import { type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NodeConnectionOptions, type Subscription } from '@nats-io/transport-node';
import { events } from '@postern/proto';
import type { EventBus, Unsubscribe } from './bus.ts';
import { createNatsLink } from './nats.connection.ts';
import { consumeFromNats } from './nats.consumer.ts';
import { ensureStream, type StreamOptions } from './nats.stream.ts';
import { type MessagingLogger, silentLogger } from './observer.ts';
import { requireFilter } from './subject.ts';

export type NatsBusOptions = {
  /** Servers and credentials. Reconnecting is settled here: quickly, and for ever. */
  connection: NodeConnectionOptions;
  /** Namespace of subjects and stream at a broker that others use too, lower snake case, default `postern`. */
  namespace?: string;
  /** Copies of the stream in a cluster, default 1. */
  replicas?: number;
  /** Days that events are kept for consumers that are away, default 14. */
  days?: number;
  /** Milliseconds that a consumer has to store an event before the broker sends it to another, default 5000. */
  ackWaitMs?: number;
  logger?: MessagingLogger;
};

const PUBLISH_TIMEOUT_MS = 3_000;

/** Creates the bus and starts connecting. Never waits for the broker: while it is away events stay in the outboxes. */
export function createNatsBus(options: NatsBusOptions): EventBus {
  const {
    connection,
    namespace = 'postern',
    replicas = 1,
    days = 14,
    ackWaitMs = 5_000,
    logger = silentLogger,
  } = options;
  const stream: StreamOptions = {
    name: `${namespace}_events`,
    prefix: `${namespace}.events`,
    replicas,
    days,
    ackWaitMs,
  };
  const link = createNatsLink(connection, logger);
  const endings = new Set<Unsubscribe>();
  let isStreamKnown = false;

  /** Plain subscriptions survive reconnects by themselves; they wait for the first connection. */
  function listen(subject: string, onMessage: (data: Uint8Array, subject: string) => void): Unsubscribe {
    let subscription: Subscription | undefined;
    let isEnded = false;
    link.first
      .then((opened) => {
        if (isEnded) return;
        subscription = opened.subscribe(subject, {
          callback: (error, message) => {
            if (error) logger.warn({ err: error, subject }, 'a broadcast subscription failed');
            else onMessage(message.data, message.subject);
          },
        });
      })
      .catch(() => undefined);
    return async () => {
      isEnded = true;
      subscription?.unsubscribe();
    };
  }

  return {
    async start() {
      // Consumers connect by themselves; nothing has to be held back.
    },
    async publish(...envelopes) {
      const opened = link.current();
      if (!opened) throw new Error('NATS is unreachable');
      try {
        if (!isStreamKnown) await ensureStream(await jetstreamManager(opened), stream);
        isStreamKnown = true;
        // One after the other: what fails must not be overtaken by what follows.
        for (const envelope of envelopes) await send(jetstream(opened), stream.prefix, envelope);
      } catch (error) {
        // A broker that has lost its disk has no stream any more.
        isStreamKnown = false;
        throw error;
      }
    },
    async subscribe(subscription) {
      const end = consumeFromNats({ link, stream, logger }, subscription);
      endings.add(end);
      return async () => {
        endings.delete(end);
        await end();
      };
    },
    tail: (filter, listener) =>
      listen(`${stream.prefix}.${requireFilter(filter)}`, (data) => listener(events.Envelope.decode(data))),
    broadcast(subject, payload) {
      link.current()?.publish(`${namespace}.broadcast.${subject}`, payload);
    },
    onBroadcast(filter, listener) {
      const prefix = `${namespace}.broadcast.`;
      return listen(`${prefix}${requireFilter(filter)}`, (data, subject) =>
        listener(data, subject.slice(prefix.length)),
      );
    },
    onGap: (listener) => link.onReconnect(listener),
    isConnected: () => link.current() !== undefined,
    async close() {
      await Promise.all([...endings].map((end) => end()));
      await link.close();
    },
  };
}

async function send(stream: JetStreamClient, prefix: string, envelope: events.Envelope): Promise<void> {
  const hints = headers();
  if (envelope.traceparent) hints.set('traceparent', envelope.traceparent);
  const bytes = events.Envelope.encode(envelope).finish();
  const settings = { msgID: envelope.id, timeout: PUBLISH_TIMEOUT_MS, headers: hints };
  await stream.publish(`${prefix}.${envelope.subject}`, bytes, settings);
}
