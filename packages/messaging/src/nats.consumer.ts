/** The loop that brings the events of one durable consumer from the broker into an inbox. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumerMessages, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { events } from '@postern/proto';
import type { DurableSubscription, Unsubscribe } from './bus.ts';
import type { NatsLink } from './nats.connection.ts';
import { ensureConsumer, ensureStream, type StreamOptions } from './nats.stream.ts';
import type { MessagingLogger } from './observer.ts';

export type NatsConsumerDeps = { link: NatsLink; stream: StreamOptions; logger: MessagingLogger };

const RETRY_FIRST_MS = 200;
const RETRY_MAX_MS = 5_000;
const NAK_MS = 500;

/** Starts consuming in the background, and again whenever stream, consumer or connection are lost. */
export function consumeFromNats({ link, stream, logger }: NatsConsumerDeps, wanted: DurableSubscription): Unsubscribe {
  const closing = new AbortController();
  let messages: ConsumerMessages | undefined;
  const done = consumeForEver();

  async function consumeForEver(): Promise<void> {
    for (let delay = RETRY_FIRST_MS; !closing.signal.aborted; delay = Math.min(delay * 2, RETRY_MAX_MS)) {
      try {
        await consume(() => {
          delay = RETRY_FIRST_MS;
        });
      } catch (error) {
        if (!closing.signal.aborted)
          logger.warn({ err: error, consumer: wanted.durable }, 'consuming again after an error');
      }
      await sleep(delay, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  }

  async function consume(onOpen: () => void): Promise<void> {
    const connection = await Promise.race([link.first, aborted(closing.signal)]);
    if (!connection) return;
    const jsm = await jetstreamManager(connection);
    await ensureStream(jsm, stream);
    await ensureConsumer(jsm, stream, wanted);
    const consumer = await jetstream(connection).consumers.get(stream.name, wanted.durable);
    messages = await consumer.consume({
      max_messages: wanted.ordered ? 8 : 128,
      idle_heartbeat: 2_000,
      abort_on_missing_resource: true,
    });
    onOpen();
    if (closing.signal.aborted) messages.stop();
    for await (const message of messages) await take(message);
  }

  /** Acknowledges once the event is stored. Attempts are the inbox's business; a refusal here means no database. */
  async function take(message: JsMsg): Promise<void> {
    try {
      await wanted.accept(events.Envelope.decode(message.data));
      message.ack();
    } catch (error) {
      logger.warn({ err: error, consumer: wanted.durable }, 'an event could not be stored, the broker sends it again');
      message.nak(NAK_MS);
    }
  }

  return async () => {
    closing.abort();
    messages?.stop();
    await done;
  };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
