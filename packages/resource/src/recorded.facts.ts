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
  return fact(definition, { action, app, context: travelling(context), user });
}

type Json = Readonly<Record<string, unknown>>;

/** Levels of JSON that a message may hold: its decoder stops a little below. */
const DEEPEST = 20;
/** Characters of a context, well below what an outbox takes. */
const LARGEST = 128 * 1024;
const LONGEST = 2_048;
const MOST_ITEMS = 50;

/** What a caller tells must not keep its change from being stored: a context that is too deep or too large is cut. */
function travelling(context: Json): Record<string, unknown> {
  const flat = cut(context, Number.POSITIVE_INFINITY, 0);
  const size = JSON.stringify(flat).length;
  if (size <= LARGEST) return flat;
  const note = { cut: `The context had ${size} characters; long texts and lists are shortened.` };
  const short = { ...note, ...cut(context, LONGEST, 0) };
  return JSON.stringify(short).length <= LARGEST ? short : note;
}

function cut(object: Json, longest: number, depth: number): Record<string, unknown> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, cutValue(value, longest, depth + 1)]));
}

function cutValue(value: unknown, longest: number, depth: number): unknown {
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}...` : value;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return String(value);
  if (depth > DEEPEST) return '...';
  if (value instanceof Date) return value.toISOString();
  if (!Array.isArray(value)) return cut({ ...value }, longest, depth);
  const items = Number.isFinite(longest) ? value.slice(0, MOST_ITEMS) : value;
  return items.map((item) => cutValue(item, longest, depth + 1));
}
