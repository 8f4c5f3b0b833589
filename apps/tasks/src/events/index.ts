/**
 * The audit log: events stored by month, listed, filtered and counted, and kept by whoever may.
 * Facts of the other services become events in `audit`.
 */

import { referable } from '@postern/database';
import type { AppParts } from '@postern/service';
import { Event } from './event.entity.ts';
import { createPartitions, type PartitionDeps } from './event.partitions.ts';
import { createEventRpc, type EventDeps } from './event.rpc.ts';
import { createEventSeriesRpc } from './event-series.rpc.ts';

export type { Action } from './event.actions.ts';
export { Event, type EventEntity, type Json } from './event.entity.ts';
export { EVENT_MIGRATIONS } from './event.migrations.ts';
export { createPartitions } from './event.partitions.ts';
export { createEventRpc, type EventDeps } from './event.rpc.ts';
export { createEventSeriesRpc } from './event-series.rpc.ts';

/** An event as references and "used by" name it. */
export const eventReferable = referable({
  model: 'authentik_events.event',
  type: 'postern.tasks.v1.Event',
  entity: Event,
  title: ({ action }) => action,
});

/** The audit log: its RPCs, and the tables of the months to come. */
export function createEvents(deps: EventDeps & PartitionDeps): AppParts {
  const { start, stop } = createPartitions(deps);
  return { services: [createEventRpc(deps), createEventSeriesRpc(deps)], start, stop };
}
