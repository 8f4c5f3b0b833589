/** The stream of events and its durable consumers, made so that every service may do it at any time. */

import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

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
};

const DAY_MS = 86_400_000;
/** Longer than a relay needs to come back after a crash; the inboxes catch what comes later. */
const DUPLICATE_WINDOW_MS = 600_000;
const ACK_WAIT_MS = 5_000;
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

/**
 * Creates a durable pull consumer, or brings it in line. Always looks first: nats-server 2.9 takes `create` on an
 * existing durable as a silent rewrite. It starts at the oldest event, so that it does not matter who starts first.
 * `max_deliver` is unlimited because attempts are counted by the inbox; here a redelivery means the database was away.
 */
export async function ensureConsumer(
  jsm: JetStreamManager,
  stream: StreamOptions,
  { durable, filter, ordered }: { durable: string; filter: string; ordered: boolean },
): Promise<void> {
  const settings = {
    filter_subject: `${stream.prefix}.${filter}`,
    ack_wait: nanos(ACK_WAIT_MS),
    // One at a time is the only order that holds across replicas and redeliveries.
    max_ack_pending: ordered ? 1 : IN_FLIGHT,
    max_deliver: -1,
  } satisfies Partial<ConsumerConfig>;
  try {
    const { config } = await jsm.consumers.info(stream.name, durable);
    const isSame =
      config.filter_subject === settings.filter_subject &&
      config.max_ack_pending === settings.max_ack_pending &&
      config.ack_wait === settings.ack_wait;
    if (!isSame) await jsm.consumers.update(stream.name, durable, { ...config, ...settings });
  } catch (error) {
    if (!isCode(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
    await jsm.consumers.add(stream.name, {
      ...settings,
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
    });
  }
}

function isCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
