import { type Database, type EntityManager, isUuid, listPage, type PlainRow, referable } from '@postern/database';
import { common } from '@postern/errors';
import { tasks } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { encodeNotification } from './notification.codec.ts';
import { Notification, type NotificationEntity } from './notification.entity.ts';
import { notificationList } from './notification.list.ts';
import { eventsOf, markAllSeen } from './notification.repository.ts';

const MODEL = 'authentik_events.notification';

/** Notifications as "used by" names them. They go with the user they were made for. */
export const referableNotifications = referable({
  model: MODEL,
  type: 'postern.tasks.v1.NotificationRecipient',
  entity: Notification,
  title: ({ body }) => (body.length > 75 ? `${body.slice(0, 75)}...` : body),
});

/** What the service needs. */
export type NotificationRpcDeps = { readonly db: Database; readonly neighbours: Pick<Neighbours, 'usedBy'> };

/** What people are told. Everybody reads and changes their own; a superuser lists those of all, and opens their own. */
export function bindNotifications({ db, neighbours }: NotificationRpcDeps): BoundService {
  async function show(em: EntityManager, rows: readonly PlainRow<NotificationEntity>[]): Promise<tasks.Notification[]> {
    const events = await eventsOf(
      em,
      rows.map(({ event }) => event),
    );
    return rows.map((row) => encodeNotification(row, events));
  }

  return bind(tasks.NotificationServiceDefinition, {
    listNotifications: (request, call) =>
      db.read(call.context, async (em) => {
        const where = seesAll(call) ? undefined : { user: readerOf(call) };
        const { pagination, results } = await listPage(em, notificationList, request, { where });
        return { pagination, results: await show(em, results) };
      }),

    getNotification: ({ uuid }, call) =>
      db.read(call.context, async (em) => only(await show(em, [await own(em, uuid, call)]))),

    updateNotification: ({ uuid, notification, update_mask }, call) =>
      db.write(call.context, async (em) => {
        const row = await own(em, uuid, call);
        if (notification && (update_mask?.includes('seen') ?? true)) row.seen = notification.seen;
        await em.flush();
        return only(await show(em, [row]));
      }),

    deleteNotification: ({ uuid }, call) =>
      db.write(call.context, async (em) => {
        em.remove(await own(em, uuid, call));
        return {};
      }),

    async listNotificationUsedBy({ uuid }, call) {
      const { pk } = await db.read(call.context, (em) => own(em, uuid, call));
      return { items: await neighbours.usedBy(MODEL, pk, call) };
    },

    markAllNotificationsSeen: (_request, call) =>
      db.write(call.context, async (em) => {
        await markAllSeen(em, readerOf(call));
        return {};
      }),
  });
}

/** A notification of the caller's own. Throws NOT_FOUND. */
async function own(em: EntityManager, pk: string, call: Call): Promise<NotificationEntity> {
  const row = isUuid(pk) ? await em.findOne(Notification, { pk, user: readerOf(call) }) : null;
  if (!row) throw common.NOT_FOUND();
  return row;
}

function seesAll({ context: { principal } }: Call): boolean {
  return principal.kind === 'service' || (principal.kind === 'user' && principal.superuser);
}

/** Key of the caller; a service reads nothing of its own. */
function readerOf({ context: { principal } }: Call): number {
  return principal.kind === 'user' ? principal.user.pk : -1;
}

function only<Message>([message]: readonly Message[]): Message {
  if (message === undefined) throw common.NOT_FOUND();
  return message;
}
