/**
 * The audit log: events stored by month, listed, filtered and counted, and kept by whoever may.
 * Facts of the other services become events in `audit`.
 */

export type { Action } from './event.actions.ts';
export { Event, type EventEntity, type Json } from './event.entity.ts';
export { EVENT_MIGRATIONS } from './event.migrations.ts';
export { createPartitions } from './event.partitions.ts';
export { createEventRpc, type EventDeps } from './event.rpc.ts';
export { createEventSeriesRpc } from './event-series.rpc.ts';
