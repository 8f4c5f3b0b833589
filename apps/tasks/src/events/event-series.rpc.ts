import { tasks } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { readEventQuery } from './event.query.ts';
import { eventsIn } from './event.repository.ts';
import type { EventDeps } from './event.rpc.ts';
import { toSeries, WEEK } from './event.series.ts';

/** Counts events for services that show a series beside their own objects. */
export function createEventSeriesRpc({ db, clock }: EventDeps): BoundService {
  return bind(tasks.EventSeriesServiceDefinition, {
    getEventSeries: ({ query }, { context }) =>
      db.read(context, async (em) => {
        const now = clock.now();
        const counts = await eventsIn(em).countByHour(WEEK, {}, now, readEventQuery(query));
        return { items: toSeries(WEEK, counts, now) };
      }),
  });
}
