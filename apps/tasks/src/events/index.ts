/**
 * The audit log: events stored by month, listed, filtered and counted, and kept by whoever may.
 * Facts of the other services become events in `audit`.
 */

import { referable } from '@postern/database';
import type { AppParts } from '@postern/service';
import { Event } from './event.entity.ts';
import { eventCleanUp } from './event.job.ts';
import { ensureMonths } from './event.months.ts';
import { createEventRpc, type EventDeps } from './event.rpc.ts';
import { createEventSeriesRpc } from './event-series.rpc.ts';

export { type Action, actionFrom } from './event.actions.ts';
export { encodeEvent } from './event.codec.ts';
export { deletionOf } from './event.deletion.ts';
export { Event, type EventEntity, type Json } from './event.entity.ts';
export { EVENT_MIGRATIONS } from './event.migrations.ts';
export { ensureMonths } from './event.months.ts';
export { eventsIn } from './event.repository.ts';
export { forgetExpired } from './event.retention.ts';
export { createEventRpc, type EventDeps } from './event.rpc.ts';
export { toSeries, WEEK } from './event.series.ts';
export { createEventSeriesRpc } from './event-series.rpc.ts';

/** An event as references and "used by" name it. */
export const eventReferable = referable({
  model: 'authentik_events.event',
  type: 'postern.tasks.v1.Event',
  entity: Event,
  title: ({ action }) => action,
});

/** The audit log: its RPCs, the tables of the months to come, and the end of what is old. */
export function createEvents(deps: EventDeps): AppParts {
  return {
    services: [createEventRpc(deps), createEventSeriesRpc(deps)],
    jobs: [eventCleanUp(deps)],
    start: () => ensureMonths(deps),
  };
}
