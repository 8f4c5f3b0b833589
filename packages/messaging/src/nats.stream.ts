/** The stream of events and its durable consumers, made so that every service may do it at any time. */

import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { coveringFilter } from './subject.ts';

/** How events are kept at the broker. */
export type StreamOptions = {
  /** Name of the stream. */
  name: string;
  /** Subjects of the stream begin with this word and a dot. */
  prefix: string;
  /** Copies in a cluster: 1, 3 or 5. */
  replicas: number;
  /** Days that the broker keeps an event for consumers that are away. */
  days: number;
  /** Milliseconds after which the broker sends again what nobody has acknowledged. */
  ackWaitMs: number;
};

const DAY_MS = 86_400_000;
/** Longer than a relay needs to come back after a crash; the inboxes catch what comes later. */
const DUPLICATE_WINDOW_MS = 600_000;
const IN_FLIGHT = 256;

/** Creates the stream, or brings it in line with the options. */
export async function ensureStream(
  jsm: JetStreamManager,
  { name, prefix, replicas, days }: StreamOptions,
): Promise<void> {
  const wanted = { subjects: [`${prefix}.>`], max_age: nanos(days * DAY_MS), num_replicas: replicas };
  try {
    const { config } = await jsm.streams.info(name);
    const isSame = config.max_age === wanted.max_age && config.num_replicas === wanted.num_replicas;
    if (!isSame) await jsm.streams.update(name, wanted);
  } catch (error) {
    if (!isCode(error, JetStreamApiCodes.StreamNotFound)) throw error;
    await jsm.streams.add({
      ...wanted,
      name,
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    });
  }
}

/** What a service wants of its durable consumer. */
export type WantedConsumer = { durable: string; filter: string; ordered: boolean };

/**
 * Creates a durable pull consumer, or brings it in line. Always looks first: nats-server 2.9 takes `create` on an
 * existing durable as a silent rewrite, and answers an update of the filter with success but never delivers again. So a
 * consumer that differs is made anew where it stood; what is delivered twice is caught by the inbox. A filter only ever
 * widens, so that replicas of two releases agree; what no handler wants is dropped on arrival.
 */
export async function ensureConsumer(
  jsm: JetStreamManager,
  stream: StreamOptions,
  wanted: WantedConsumer,
): Promise<void> {
  const existing = await findConsumer(jsm, stream.name, wanted.durable);
  if (!existing) {
    await jsm.consumers.add(stream.name, {
      ...settingsOf(stream, wanted, wanted.filter),
      deliver_policy: DeliverPolicy.All,
    });
    return;
  }
  const { config, ack_floor } = existing;
  const before = config.filter_subject?.slice(stream.prefix.length + 1) ?? '>';
  const settings = settingsOf(stream, wanted, coveringFilter([before, wanted.filter]));
  const isSame =
    config.filter_subject === settings.filter_subject &&
    config.max_ack_pending === settings.max_ack_pending &&
    config.ack_wait === settings.ack_wait;
  if (isSame) return;
  await jsm.consumers.delete(stream.name, wanted.durable);
  await jsm.consumers.add(stream.name, {
    ...settings,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: ack_floor.stream_seq + 1,
  });
}

/** `max_deliver` is unlimited because the inbox counts attempts; a redelivery only means that the database was away. */
function settingsOf({ prefix, ackWaitMs }: StreamOptions, { durable, ordered }: WantedConsumer, filter: string) {
  return {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    filter_subject: `${prefix}.${filter}`,
    ack_wait: nanos(ackWaitMs),
    // One at a time is the only order that holds across replicas and redeliveries.
    max_ack_pending: ordered ? 1 : IN_FLIGHT,
    max_deliver: -1,
  } satisfies Partial<ConsumerConfig>;
}

async function findConsumer(jsm: JetStreamManager, stream: string, durable: string): Promise<ConsumerInfo | undefined> {
  try {
    return await jsm.consumers.info(stream, durable);
  } catch (error) {
    if (isCode(error, JetStreamApiCodes.ConsumerNotFound)) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
