import { type Condition, type EntityManager, type ListRequest, listQuery } from '@postern/database';
import type { Json } from './event.entity.ts';
import { eventList } from './event.list.ts';
import { actionsLike, narrow } from './event.narrowing.ts';
import { type HourCount, type SeriesShape, startOf } from './event.series.ts';

/** Events of an application, as they recorded it. */
export type TopApplication = { application: Json; counted_events: number; unique_users: number };

const HOURS = `select hour, sum(total)::int as total from event_count where action in (%) and hour >= ? and hour <= ? group by hour`;

const TOP = `select e.application, top.counted_events, top.unique_users from (
    select application, sum(events)::int as counted_events, sum(users)::int as unique_users from event_application
    where action = ? group by application having sum(events) > 0 order by 2 desc, 1 limit ?
  ) top cross join lateral (
    select context -> 'authorized_application' as application from event
    where event.application = top.application order by created desc limit 1
  ) e order by 2 desc, top.application`;

/** Questions to the audit log that are no page of a list. */
export function eventsIn(em: EntityManager) {
  /** From what is counted by the hour. */
  async function countActions(shape: SeriesShape, actions: readonly string[], now: Date): Promise<HourCount[]> {
    if (actions.length === 0) return [];
    const sql = HOURS.replace('%', actions.map(() => '?').join(', '));
    return readHours(await em.execute<HourRow[]>(sql, [...actions, startOf(shape, now), now]));
  }

  /** From the events themselves, as far as an index leads to them. */
  async function countFound(shape: SeriesShape, request: ListRequest, where: readonly Condition[], now: Date) {
    const span = { created: { $gte: startOf(shape, now), $lte: now } };
    const scope = { where: { $and: [span, ...where] } };
    const sql = listQuery(em, eventList, request, scope).select(['created']).getFormattedQuery();
    return readHours(
      await em.execute<HourRow[]>(
        `select date_trunc('hour', created, 'UTC') as hour, count(*)::int as total from (${sql}) as found group by 1`,
      ),
    );
  }

  return {
    /** Events by hour over the span of a series, of those that a list request asks for. */
    async countByHour(shape: SeriesShape, asked: ListRequest, now: Date, also?: Condition): Promise<HourCount[]> {
      const { request, where, actions } = await narrow(em, asked);
      const { search, ordering, page, page_size, ...filters } = request;
      const isPlain = !search && !also && Object.values(filters).every((value) => !value);
      if (isPlain && (where === undefined || actions)) {
        if (!asked.search) return countActions(shape, actions ?? (await actionsLike(em, '')), now);
      }
      return countFound(
        shape,
        request,
        [where, also].filter((one) => one !== undefined),
        now,
      );
    },

    /** Events by hour that have exactly this action. */
    countAction: (shape: SeriesShape, action: string, now: Date) => countActions(shape, [action], now),

    /** Applications with the most events of an action, and how many people those are. */
    topApplications: (action: string, limit: number): Promise<TopApplication[]> => em.execute(TOP, [action, limit]),
  };
}

type HourRow = { hour: Date | string; total: number };

function readHours(rows: readonly HourRow[]): HourCount[] {
  return rows.map(({ hour, total }) => ({ hour: new Date(hour), total }));
}
