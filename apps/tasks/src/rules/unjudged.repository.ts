import { type EntityManager, prepared } from '@postern/database';
import { Event, type EventEntity } from '../events/index.ts';
import { DUE, LOCK } from './unjudged.migrations.ts';

/** An event that waits to be judged; undefined once it is forgotten. */
export type Unjudged = {
  /** Its place in the order of storing. */
  readonly number: string;
  readonly since: Date;
  /** How often it alone could not be judged. */
  readonly failures: number;
  readonly event: EventEntity | undefined;
};

/**
 * Keeps an event of the tenant of the transaction to be judged, if it has a rule that can tell anybody anything; whether none waited before, so that
 * somebody has to be asked to look. From here to the end of the transaction nobody finds out that no event waits.
 */
export async function keepUnjudged(em: EntityManager, event: string): Promise<{ tenant: string; isFirst: boolean }> {
  const [row] = await em.execute<{ tenant: string; first: boolean | null }[]>(KEEP, [event]);
  return { tenant: row?.tenant ?? '', isFirst: row?.first === true };
}

const KEEP = prepared(`select current_setting('postern.tenant') as tenant, keep_unjudged(?) as first`);

/** Contexts that are taken at once, in bytes: enough for many events, and one at least. */
const LARGEST_BATCH = 4 * 1024 * 1024;

/** The events that wait longest, so many at most. */
export async function nextUnjudged(em: EntityManager, limit: number): Promise<Unjudged[]> {
  const rows = await em.execute<(Omit<Unjudged, 'event'> & { pk: string })[]>(
    `select number::text, since, failures, event_pk as pk from (
       select waiting.*, sum(coalesce(octet_length(event.context::text), 0)) over (order by number) as bytes,
         row_number() over (order by number) as place
       from (select * from unjudged_event where ${DUE} order by number limit ?) as waiting
       left join event on event.pk = waiting.event_pk
     ) as sized where bytes <= ? or place = 1 order by number::bigint`,
    [limit, LARGEST_BATCH],
  );
  const events = rows.length === 0 ? [] : await em.find(Event, { pk: { $in: rows.map(({ pk }) => pk) } });
  const byKey = new Map(events.map((event) => [event.pk, event]));
  return rows.map(({ pk, ...row }) => ({ ...row, since: new Date(row.since), event: byKey.get(pk) }));
}

/** Forgets events that are judged; answers the numbers of those that nobody else forgot before. */
export async function forgetUnjudged(em: EntityManager, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await em.execute<{ number: string }[]>(
    'delete from unjudged_event where number = any (?::bigint[]) returning number::text',
    [`{${numbers.join()}}`],
  );
  return new Set(rows.map(({ number }) => number));
}

/** Puts off an event that could not be judged. */
export async function putOff(em: EntityManager, number: string, pauseMs: number): Promise<void> {
  await em.execute(
    `update unjudged_event set failures = failures + 1, due = clock_timestamp() + ? * interval '1 millisecond'
     where number = ?::bigint`,
    [pauseMs, number],
  );
}

/**
 * Whether nothing waits any more, at the end of a transaction that forgets events. `unknown` while somebody is storing one: whoever sees an event
 * waiting asks nobody to look, so only a look that nobody's storing overlaps may be the last one.
 */
export async function isEmpty(em: EntityManager): Promise<boolean | 'unknown'> {
  const [lock] = await em.execute<{ mine: boolean }[]>(`select pg_try_advisory_xact_lock(${LOCK}) as mine`);
  if (!lock?.mine) return 'unknown';
  const rows = await em.execute<unknown[]>(`select 1 from unjudged_event where ${DUE} limit 1`);
  return rows.length === 0;
}
