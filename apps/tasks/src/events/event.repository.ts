import { type Condition, type EntityManager, type ListRequest, listQuery, raw } from '@postern/database';
import { Event, type Json } from './event.entity.ts';
import { eventList } from './event.list.ts';
import { type SeriesShape, startOf } from './event.series.ts';

/** Events of an application, as they recorded it. */
export type TopApplication = { application: Json; counted_events: number; unique_users: number };

/** Questions to the audit log that are no page of a list. */
export function eventsIn(em: EntityManager) {
  return {
    /** Events per window of a series, by age in windows. */
    async countByAge(
      shape: SeriesShape,
      request: ListRequest,
      now: Date,
      where?: Condition,
    ): Promise<Map<number, number>> {
      const scope = {
        where: { $and: [{ created: { $gt: startOf(shape, now), $lte: now } }, ...(where ? [where] : [])] },
      };
      const sql = listQuery(em, eventList, request, scope).select(['created']).getFormattedQuery();
      const rows = await em.execute<{ age: number; total: number }[]>(
        `select floor(extract(epoch from ?::timestamptz - created) * 1000 / ?)::int as age, count(*)::int as total
         from (${sql}) as found group by 1`,
        [now, shape.windowMs],
      );
      return new Map(rows.map(({ age, total }) => [age, total]));
    },

    /** Applications with the most events of an action, and how many people those are. */
    async topApplications(action: string, limit: number): Promise<TopApplication[]> {
      const application = raw(`context -> 'authorized_application'`);
      const sql = em
        .createQueryBuilder(Event)
        .select(['context', 'user'])
        .where({ action, [application]: { $ne: null } });
      const rows = await em.execute<TopApplication[]>(
        `select context -> 'authorized_application' as application, count(*)::int as counted_events,
           count(distinct "user" ->> 'pk')::int as unique_users
         from (${sql.getFormattedQuery()}) as found group by 1 order by 2 desc, 1 limit ?`,
        [limit],
      );
      return rows.map(({ application: one, counted_events, unique_users }) => ({
        application: one,
        counted_events,
        unique_users,
      }));
    },
  };
}
