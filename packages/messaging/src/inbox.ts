/** The inbox of one consumer: what it has accepted, what waits, what it has handled. Every statement about it. */

import { prepared } from '@postern/database';
import { events } from '@postern/proto';
import { bytesOf, type MessagingDatabase, quoted, rowsOf, type SqlExecutor, textOf } from './database.ts';
import { columns, fixed } from './outbox.ts';

/** An accepted event that is not handled yet. */
export type PendingEvent = {
  readonly envelope: events.Envelope;
  /** Attempts that failed. */
  readonly attempts: number;
  /** Milliseconds until the next attempt; 0 or less means now. */
  readonly dueIn: number;
};

/** Statements on the inbox, each to be run in the transaction given. */
export type Inbox = {
  /** Keeps events to be handled, in this order, in a transaction of their own; those that were accepted before are left as they are. */
  accept(database: MessagingDatabase, envelopes: readonly events.Envelope[]): Promise<void>;
  /**
   * The events that wait, oldest first. Out of order, those that may be attempted now, and after them the one that comes due next: others
   * that wait for another attempt stand in nobody's way.
   */
  pending(database: Pick<MessagingDatabase, 'once'>, limit: number, isInOrder: boolean): Promise<PendingEvent[]>;
  /**
   * Notes events as handled that are about to be, in the transaction of their handlers; answers with the ids of those that are news. None where events
   * wait already, which these would overtake.
   */
  take(sql: SqlExecutor, envelopes: readonly events.Envelope[]): Promise<ReadonlySet<string>>;
  /** Marks an event as handled in the transaction of its handler. False when another transaction has it or had it. */
  claim(sql: SqlExecutor, id: string): Promise<boolean>;
  /** Notes a failed attempt and when to try again. */
  postpone(sql: SqlExecutor, event: PendingEvent, delay: number, error: string): Promise<void>;
  /** Gives an event up: moves it to the dead letters. */
  bury(sql: SqlExecutor, event: PendingEvent, error: string): Promise<void>;
  /** Forgets events handled more than `days` ago, at most a thousand at a time. Returns how many. */
  prune(sql: SqlExecutor, days: number): Promise<number>;
};

/** Creates the inbox of a consumer. */
export function createInbox({ schema, consumer }: { schema: string; consumer: string }): Inbox {
  const inbox = `${quoted(schema)}.inbox`;
  const one = 'consumer = ? and event_id = ? and handled_at is null';
  // An array is read once, whatever the planner expects.
  const claiming =
    prepared(`update ${inbox} set handled_at = clock_timestamp(), envelope = null where consumer = ? and event_id = any (array(
      select event_id from ${inbox} where ${one} and due_at <= clock_timestamp() for update skip locked
    )) returning 1`);
  return {
    async accept(database, envelopes) {
      const values = envelopes.map(() => '(?, ?, ?, ?, ?)').join(', ');
      await database.once(
        fixed(
          envelopes.length,
          `insert into ${inbox} (consumer, event_id, subject, tenant_id, envelope) values ${values}
         on conflict do nothing returning 1`,
        ),
        envelopes.flatMap((envelope) => [consumer, ...columns(envelope)]),
      );
    },

    async pending(database, limit, isInOrder) {
      const columns = `envelope, attempts, (extract(epoch from due_at - clock_timestamp()) * 1000)::text as due_in`;
      const waiting = `select ${columns} from ${inbox} where consumer = ? and handled_at is null`;
      const rows = isInOrder
        ? await database.once(prepared(`${waiting} order by seq limit ?`), [consumer, limit])
        : await database.once(
            prepared(`(${waiting} and due_at <= clock_timestamp() order by seq limit ?)
             union all (${waiting} and due_at > clock_timestamp() order by due_at limit 1)`),
            [consumer, limit, consumer],
          );
      return rows.map((row) => ({
        envelope: events.Envelope.decode(bytesOf(row, 'envelope')),
        attempts: Number(row.attempts),
        dueIn: Number(textOf(row, 'due_in')),
      }));
    },

    async take(sql, envelopes) {
      const values = envelopes.map(() => '(?::uuid, ?::text, ?::uuid)').join(', ');
      const rows = await rowsOf(
        sql,
        fixed(
          envelopes.length,
          `insert into ${inbox} (consumer, event_id, subject, tenant_id, handled_at)
           select ?, event_id, subject, tenant_id, clock_timestamp() from (values ${values}) as news (event_id, subject, tenant_id)
           where not exists (select 1 from ${inbox} where consumer = ? and handled_at is null)
           on conflict do nothing returning event_id`,
        ),
        [consumer, ...envelopes.flatMap(({ id, subject, tenant }) => [id, subject, tenant || null]), consumer],
      );
      return new Set(rows.map((row) => textOf(row, 'event_id')));
    },

    async claim(sql, id) {
      const rows = await rowsOf(sql, claiming, [consumer, consumer, id]);
      return rows.length > 0;
    },

    async postpone(sql, { envelope, attempts }, delay, error) {
      await rowsOf(
        sql,
        `update ${inbox} set attempts = attempts + 1, last_error = ?, due_at = clock_timestamp() + ? * interval '1 millisecond'
         where ${one} and attempts = ? returning 1`,
        [error, delay, consumer, envelope.id, attempts],
      );
    },

    async bury(sql, { envelope, attempts }, error) {
      await rowsOf(
        sql,
        `with dead as (
           update ${inbox} set handled_at = clock_timestamp(), envelope = null, attempts = attempts + 1, last_error = ?
           where ${one} and attempts = ? returning consumer, event_id, subject, tenant_id, attempts, last_error
         )
         insert into ${quoted(schema)}.dead_letters (consumer, event_id, subject, tenant_id, envelope, attempts, last_error)
         select consumer, event_id, subject, tenant_id, ?, attempts, last_error from dead
         on conflict (consumer, event_id) do update set attempts = excluded.attempts, last_error = excluded.last_error,
           buried_at = clock_timestamp()
         returning 1`,
        [error, consumer, envelope.id, attempts, Buffer.from(events.Envelope.encode(envelope).finish())],
      );
    },

    async prune(sql, days) {
      const rows = await rowsOf(
        sql,
        `delete from ${inbox} where consumer = ? and event_id = any (array(
           select event_id from ${inbox}
           where consumer = ? and handled_at < clock_timestamp() - ? * interval '1 day' limit 1000
         )) returning 1`,
        [consumer, consumer, days],
      );
      return rows.length;
    },
  };
}
