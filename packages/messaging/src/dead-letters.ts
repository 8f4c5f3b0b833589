/** Events that a consumer has given up, for an operator to look at, hand out again or drop. */

import { events } from '@postern/proto';
import { bytesOf, type MessagingDatabase, quoted, rowsOf, type SqlRow, textOf } from './database.ts';
import { messagingChannel } from './tables.ts';

/** An event given up. */
export type DeadLetter = {
  readonly consumer: string;
  readonly envelope: events.Envelope;
  readonly attempts: number;
  readonly lastError: string;
  /** RFC 3339. */
  readonly buriedAt: string;
};

/** The dead letters of an app. */
export type DeadLetters = {
  /** The oldest dead letters, of one consumer or of all; 100 unless `limit` says otherwise. */
  list(filter?: { consumer?: string; limit?: number }): Promise<DeadLetter[]>;
  /** Hands an event to its consumer again, with all its attempts. False when there is no such dead letter. */
  redrive(consumer: string, eventId: string): Promise<boolean>;
  /** Drops an event. False when there is no such dead letter. */
  discard(consumer: string, eventId: string): Promise<boolean>;
};

/** Creates the dead letters of a schema. */
export function createDeadLetters({ schema, database }: { schema: string; database: MessagingDatabase }): DeadLetters {
  const [table, inbox] = [`${quoted(schema)}.dead_letters`, `${quoted(schema)}.inbox`];
  return {
    list: ({ consumer, limit = 100 } = {}) =>
      database.transaction(undefined, async (sql) => {
        const rows = await rowsOf(
          sql,
          `select consumer, envelope, attempts, last_error, to_char(buried_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as buried_at
           from ${table} ${consumer === undefined ? '' : 'where consumer = ?'} order by buried_at limit ?`,
          consumer === undefined ? [limit] : [consumer, limit],
        );
        return rows.map(letterOf);
      }),

    redrive: (consumer, eventId) =>
      database.transaction(undefined, async (sql) => {
        const rows = await rowsOf(
          sql,
          `with raised as (delete from ${table} where consumer = ? and event_id = ? returning *)
           insert into ${inbox} (consumer, event_id, subject, tenant_id, envelope)
           select consumer, event_id, subject, tenant_id, envelope from raised
           on conflict (consumer, event_id) do update set seq = excluded.seq, envelope = excluded.envelope, attempts = 0,
             due_at = clock_timestamp(), handled_at = null
           returning pg_notify(?, 'inbox')`,
          [consumer, eventId, messagingChannel(schema)],
        );
        return rows.length > 0;
      }),

    discard: (consumer, eventId) =>
      database.transaction(undefined, async (sql) => {
        const rows = await rowsOf(sql, `delete from ${table} where consumer = ? and event_id = ? returning 1`, [
          consumer,
          eventId,
        ]);
        return rows.length > 0;
      }),
  };
}

function letterOf(row: SqlRow): DeadLetter {
  return {
    consumer: textOf(row, 'consumer'),
    envelope: events.Envelope.decode(bytesOf(row, 'envelope')),
    attempts: Number(row.attempts),
    lastError: textOf(row, 'last_error'),
    buriedAt: textOf(row, 'buried_at'),
  };
}
