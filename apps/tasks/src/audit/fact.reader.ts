import type { events } from '@postern/proto';
import type { Action, Json } from '../events/index.ts';

/** What a fact says to the audit log. */
export type Entry = {
  readonly action: Action;
  /** Which part of the platform reports it, in the contract's words: policies and pages match on it. */
  readonly app: string;
  readonly context: Json;
  /** Whose event it is, when that is not the caller: the person who signed in, or whose password was set. */
  readonly user?: Json | undefined;
};

/** Reads one kind of fact; undefined when the audit log has no use for it. */
export type FactReader = (envelope: events.Envelope) => Entry | undefined;

type Codec<Payload> = { decode(bytes: Uint8Array): Payload };

/** A reader of facts whose payload is such a message. */
export function reads<Payload>(
  codec: Codec<Payload>,
  read: (payload: Payload, envelope: events.Envelope) => Entry | undefined,
): FactReader {
  return (envelope) => read(codec.decode(envelope.payload), envelope);
}
