/** A connection to NATS that is made in the background and comes back for ever. */

import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import type { MessagingLogger } from './observer.ts';

/** The connection, possibly still to come. */
export type NatsLink = {
  /** The connection when there is one now, else undefined. */
  current(): NatsConnection | undefined;
  /** Resolves with the first connection. */
  readonly first: Promise<NatsConnection>;
  /** Called when the connection is back. */
  onReconnect(listener: () => void): () => void;
  close(): Promise<void>;
};

/** Starts connecting; does not wait. */
export function createNatsLink(options: NodeConnectionOptions, logger: MessagingLogger): NatsLink {
  const listeners = new Set<() => void>();
  let connection: NatsConnection | undefined;
  let isUp = false;
  let isClosed = false;
  const first = open();
  first.catch((error: unknown) => logger.error({ err: error }, 'NATS cannot be used'));

  async function open(): Promise<NatsConnection> {
    const opened = await connect({
      reconnectTimeWait: 200,
      reconnectJitter: 100,
      pingInterval: 5_000,
      maxPingOut: 2,
      ...options,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      ignoreAuthErrorAbort: true,
    });
    connection = opened;
    isUp = true;
    if (isClosed) await opened.close();
    else void watch(opened);
    for (const listener of listeners) listener();
    return opened;
  }

  async function watch(opened: NatsConnection): Promise<void> {
    for await (const { type } of opened.status()) {
      if (type === 'disconnect') {
        isUp = false;
        logger.warn({}, 'NATS is unreachable, reconnecting');
      }
      if (type === 'reconnect') {
        isUp = true;
        logger.info({}, 'NATS is back');
        for (const listener of listeners) listener();
      }
    }
  }

  return {
    first,
    current: () => (isUp && !isClosed ? connection : undefined),
    onReconnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      await connection?.close();
    },
  };
}
