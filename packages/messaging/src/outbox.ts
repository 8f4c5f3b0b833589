/** The transactional outbox: a change and its events commit together, or not at all. */

import { asLast, newId, prepared } from '@postern/database';
import { injectTrace } from '@postern/observability';
import { events } from '@postern/proto';
import { quoted, rowsOf, type SqlExecutor } from './database.ts';
import type { EventDefinition } from './event.ts';
import { messagingChannel } from './tables.ts';

/** Where an event comes from. */
export type EventContext = {
  /** Tenant of the fact; omitted for a fact about the installation. */
  tenant?: string | undefined;
  actor?: events.Actor | undefined;
  client?: events.Client | undefined;
  requestId?: string | undefined;
  /** W3C trace context of the change; by default that of the active span. */
  traceparent?: string | undefined;
};

/** A fact to be recorded; `fact(definition, payload)` makes one. */
export type Fact = {
  readonly subject: string;
  readonly type: string;
  readonly payload: Uint8Array;
  /** Nobody waits for it: it may be told a moment later, together with others. */
  readonly mayWait?: boolean | undefined;
};

/** Writes facts into the outbox of one schema. */
export type Outbox = {
  /**
   * Records facts in the caller's transaction and returns their ids. Changes that the executor still holds back are
   * flushed first, so that rows are locked before positions are taken and two changes of one row keep their order.
   * Throws RangeError when a payload is larger than 512 KiB: the broker would refuse it for ever.
   */
  record(sql: SqlExecutor, context: EventContext, facts: readonly Fact[] | Fact): Promise<string[]>;
  /** Makes events of facts, with the time and the trace of now, for {@link Outbox.store}. Throws RangeError as `record` does. */
  seal(context: EventContext, facts: readonly Fact[]): events.Envelope[];
  /**
   * Stores events of several requests in the caller's transaction, whatever their number by one statement.
   * @param isLast nothing follows in the transaction, so that its commit may travel along. Never within a change set. Default: false.
   */
  store(sql: SqlExecutor, envelopes: readonly events.Envelope[], isLast?: boolean): Promise<void>;
};

export type OutboxDeps = {
  schema: string;
  /** Time of the facts. */
  clock?: { now(): Date };
  /** Ids of the events: UUID version 7. */
  ids?: { next(): string };
};

const MAX_PAYLOAD = 512 * 1024;

/** Binds a payload to its kind. With `mayWait` it is told within a tenth of a second, together with others of that time. */
export function fact<T>(definition: EventDefinition<T>, payload: T, { mayWait }: Pick<Fact, 'mayWait'> = {}): Fact {
  return { subject: definition.subject, type: definition.type, payload: definition.encode(payload), mayWait };
}

/** What a schema is notified of when its outbox holds news that may wait. */
export const WAITING = 'waiting';

/** Creates the outbox of a schema. Time defaults to the system's clock, ids to random UUIDs of version 7. */
export function createOutbox({
  schema,
  clock = { now: () => new Date() },
  ids = { next: () => newId() },
}: OutboxDeps): Outbox {
  const table = `${quoted(schema)}.outbox`;
  const channel = messagingChannel(schema);
  const storing = prepared(`with added as (insert into ${table} (event_id, subject, tenant_id, envelope)
      select * from unnest(?::uuid[], ?::text[], ?::uuid[], ?::bytea[]) returning 1)
    select pg_notify(?, ?) from (select count(*) from added) as done`);
  const seal = (context: EventContext, facts: readonly Fact[]) =>
    facts.map((one) => envelopeOf(one, context, ids.next(), clock.now()));
  return {
    seal,

    async store(sql, envelopes, isLast = false) {
      if (envelopes.length === 0) return;
      await sql.flush?.();
      const values = [...arraysOf(envelopes), channel, 'outbox'];
      await rowsOf(sql, isLast ? asLast(storing) : storing, values);
    },

    async record(sql, context, facts) {
      const news = [facts].flat();
      const envelopes = seal(context, news);
      if (envelopes.length === 0) return [];
      await sql.flush?.();
      const values = envelopes.map(() => '(?, ?, ?, ?)').join(', ');
      // One statement: the rows, and the wake-up that PostgreSQL delivers when the transaction commits.
      await rowsOf(
        sql,
        fixed(
          envelopes.length,
          `with added as (insert into ${table} (event_id, subject, tenant_id, envelope) values ${values} returning 1)
         select pg_notify(?, ?) from (select count(*) from added) as done`,
        ),
        [...envelopes.flatMap(columns), channel, news.every(({ mayWait }) => mayWait === true) ? WAITING : 'outbox'],
      );
      return envelopes.map(({ id }) => id);
    },
  };
}

/** A text that has a variant for each count is prepared for the small ones. */
export function fixed(count: number, sql: string): string {
  return count <= OFTEN ? prepared(sql) : sql;
}

const OFTEN = 4;

/** The columns that outbox and inbox keep of an envelope: id, subject, tenant, bytes. */
export function columns(envelope: events.Envelope): unknown[] {
  const bytes = Buffer.from(events.Envelope.encode(envelope).finish());
  return [envelope.id, envelope.subject, envelope.tenant || null, bytes];
}

/** The same columns of many, as arrays in the text of PostgreSQL: none of their values needs an escape but the sign that bytes begin with. */
function arraysOf(envelopes: readonly events.Envelope[]): string[] {
  const list = (values: readonly string[]) => `{${values.join(',')}}`;
  const bytes = envelopes.map((each) => `"\\\\x${Buffer.from(events.Envelope.encode(each).finish()).toString('hex')}"`);
  return [
    list(envelopes.map(({ id }) => id)),
    list(envelopes.map(({ subject }) => subject)),
    list(envelopes.map(({ tenant }) => tenant || 'null')),
    list(bytes),
  ];
}

function envelopeOf({ subject, type, payload }: Fact, context: EventContext, id: string, at: Date): events.Envelope {
  if (payload.length > MAX_PAYLOAD)
    throw new RangeError(`the payload of ${subject} has more than ${MAX_PAYLOAD} bytes`);
  return {
    id,
    subject,
    tenant: context.tenant ?? '',
    occurred_at: at.toISOString(),
    actor: context.actor,
    client: context.client,
    request_id: context.requestId ?? '',
    traceparent: context.traceparent ?? activeTrace(),
    type,
    payload,
  };
}

function activeTrace(): string {
  let traceparent = '';
  injectTrace((name, value) => {
    if (name === 'traceparent') traceparent = value;
  });
  return traceparent;
}
