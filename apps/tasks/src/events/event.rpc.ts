import { applyMask, type Database, deleteOne, type EntityManager, getOr404, listPage } from '@postern/database';
import { common } from '@postern/errors';
import { tasks } from '@postern/proto';
import { visibleTo } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { listActions } from './event.actions.ts';
import { encodeEvent, eventFields, requireAddress } from './event.codec.ts';
import { Event, type EventEntity } from './event.entity.ts';
import { eventList } from './event.list.ts';
import { narrow } from './event.narrowing.ts';
import { readEventQuery } from './event.query.ts';
import { eventsIn } from './event.repository.ts';
import { MONTH, toSeries, WEEK } from './event.series.ts';

export type EventDeps = {
  db: Database;
  clock: { now(): Date };
  /** Told of each event that a caller writes, in the transaction that stores it. */
  onStored?: ((event: EventEntity, em: EntityManager) => Promise<void>) | undefined;
};

const TOP = 15;
const MOST = 1_000;

/** The audit log over RPC. Events that callers write are stored as they are; changing events tells no further events. */
export function createEventRpc({ db, clock, onStored }: EventDeps): BoundService {
  return bind(tasks.EventServiceDefinition, {
    listEvents: (request, call) =>
      db.read(call.context, async (em) => {
        const seen = visibleTo(call, em, Event);
        const { request: rest, where, count } = await narrow(em, request);
        const scope = seen ? { where: { $and: [seen, ...(where ? [where] : [])] } } : { where, count };
        const { pagination, results } = await listPage(em, eventList, rest, scope);
        return { pagination, results: results.map(encodeEvent) };
      }),

    getEvent: ({ event_uuid }, { context }) =>
      db.read(context, async (em) => encodeEvent(await getOr404(em, Event, event_uuid))),

    createEvent: ({ event }, { context }) => {
      const given = required(event);
      return db.write(context, async (em) => {
        const now = clock.now();
        const row = em.create(Event, {
          created: now,
          expires: now,
          action: '',
          app: '',
          user: {},
          context: {},
          brand: {},
        });
        applyMask(row, given, undefined, eventFields(now));
        await em.flush();
        await onStored?.(row, em);
        return encodeEvent(row);
      });
    },

    updateEvent: ({ event_uuid, event, update_mask }, { context }) => {
      const given = required(event);
      return db.write(context, async (em) => {
        const row = await getOr404(em, Event, event_uuid);
        applyMask(row, given, update_mask, eventFields(clock.now()));
        await em.flush();
        return encodeEvent(row);
      });
    },

    deleteEvent: ({ event_uuid }, { context }) =>
      db.write(context, async (em) => {
        await deleteOne(em, Event, event_uuid);
        return {};
      }),

    listEventActions: async () => ({ items: listActions() }),

    listEventVolume: (request, call) =>
      db.read(call.context, async (em) => {
        const now = clock.now();
        const seen = visibleTo(call, em, Event);
        return { items: toSeries(WEEK, await eventsIn(em).countByHour(WEEK, request, now, seen), now) };
      }),

    listEventsPerMonth: ({ action, query }, call) =>
      db.read(call.context, async (em) => {
        const now = clock.now();
        const also = [readEventQuery(query), visibleTo(call, em, Event)].filter((one) => one !== undefined);
        const exactly = { action: action || 'login' };
        const counts =
          also.length > 0
            ? await eventsIn(em).countByHour(MONTH, {}, now, { $and: [exactly, ...also] })
            : await eventsIn(em).countAction(MONTH, exactly.action, now);
        return { items: toSeries(MONTH, counts, now) };
      }),

    listTopEventsPerUser: ({ action, top_n = TOP }, { context }) =>
      db.read(context, async (em) => ({
        items: await eventsIn(em).topApplications(action || 'login', Math.min(Math.max(0, top_n), MOST)),
      })),
  });
}

function required(event: tasks.Event | undefined): tasks.Event {
  if (!event) throw common.INVALID_ARGUMENT();
  requireAddress(event);
  return event;
}
