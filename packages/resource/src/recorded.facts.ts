import { defineEvent, type Fact, fact } from '@postern/messaging';
import { events } from '@postern/proto';
import type { ServiceName } from '@postern/rpc';

/** Payload type of the facts that are told for the audit log alone. */
export const EVENT_RECORDED = 'postern.events.v1.EventRecorded';

/** An entry of the audit log, in the contract's words. */
export type RecordedEvent = {
  /** An action of the contract, such as `email_sent`, or `custom_` and a word. */
  readonly action: string;
  /** Which part of the platform reports it, such as `authentik.stages.email.tasks`: policies and pages match on it. */
  readonly app: string;
  /** Free-form; values under keys that smell of a secret are masked when it is stored. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Whose event it is, when that is not the caller. */
  readonly user?: events.ActorUser;
};

/** The fact that something happened which no other fact tells. `name` is the service that records it. */
export function recordedFact(name: ServiceName, { action, app, context = {}, user }: RecordedEvent): Fact {
  const definition = defineEvent(`${name}.v1.event.recorded`, events.EventRecorded, EVENT_RECORDED);
  return fact(definition, { action, app, context: { ...context }, user });
}
