/** Typed events: a subject bound to the protobuf message it carries. */

import type { events } from '@postern/proto';
import { requireFilter, requireSubject } from './subject.ts';

/** What ts-proto generates for a message, as far as events need it. */
export type MessageCodec<T> = {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
};

/** A kind of event: where it is published and how its payload is written. */
export type EventDefinition<T> = {
  readonly subject: string;
  /** Full name of the message type. */
  readonly type: string;
  encode(payload: T): Uint8Array;
  decode(bytes: Uint8Array): T;
};

/** Everything about an event but its payload's bytes. */
export type EventFacts = Omit<events.Envelope, 'payload'>;

/** An event with its payload decoded. */
export type ReceivedEvent<T> = EventFacts & { readonly payload: T };

/** One subject (or filter) of a consumer and what it does with such an event. */
export type EventHandler<Em> = {
  readonly filter: string;
  /** Whether it does anything with such an event. What no handler wants never gets into the inbox. Default: it wants all that pass the filter. */
  wants?(envelope: events.Envelope): boolean;
  handle(envelope: events.Envelope, em: Em): Promise<void>;
};

/**
 * Declares a kind of event.
 * @param subject `<app>.v1.<noun>.<verb>`, the verb in the past tense; throws TypeError otherwise.
 * @param type full name of the message; by default `postern.<app>.v1.<Noun><Verb>`.
 */
export function defineEvent<T>(subject: string, codec: MessageCodec<T>, type?: string): EventDefinition<T> {
  const [app, version, noun, verb] = requireSubject(subject).split('.');
  return {
    subject,
    type: type ?? `postern.${app}.${version}.${pascal(`${noun}_${verb}`)}`,
    encode: (payload) => codec.encode(payload).finish(),
    decode: (bytes) => codec.decode(bytes),
  };
}

/** Handles one kind of event, its payload decoded. */
export function on<T, Em>(
  definition: EventDefinition<T>,
  handle: (event: ReceivedEvent<T>, em: Em) => Promise<void>,
): EventHandler<Em> {
  return {
    filter: definition.subject,
    handle: (envelope, em) => handle({ ...envelope, payload: definition.decode(envelope.payload) }, em),
  };
}

/**
 * Handles every event that passes a filter such as `directory.v1.user.*` or `>`; the payload stays bytes.
 * @param wants which of them; default all
 */
export function onSubject<Em>(
  filter: string,
  handle: (envelope: events.Envelope, em: Em) => Promise<void>,
  wants?: (envelope: events.Envelope) => boolean,
): EventHandler<Em> {
  return { filter: requireFilter(filter), handle, ...(wants ? { wants } : {}) };
}

function pascal(snake: string): string {
  return snake.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
