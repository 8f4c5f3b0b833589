import type { EntityManager } from '@postern/database';
import type { Context } from '@postern/rpc';
import { Event } from '../events/index.ts';
import type { NoticeEvent } from './notice.ts';

const KEPT_MS = 365 * 24 * 3_600_000;

/** Stores the event that a try of a transport is about. It is stored at once, so that the notification can show it. */
export async function recordTest(em: EntityManager, { principal, client }: Context, now: Date): Promise<NoticeEvent> {
  const user =
    principal.kind === 'user'
      ? { pk: principal.user.pk, email: principal.user.email, username: principal.user.username }
      : {};
  const event = em.create(Event, {
    created: now,
    expires: new Date(now.getTime() + KEPT_MS),
    // The document of the API lists the actions there are: one of our own making is called by its prefix.
    action: 'custom_',
    app: 'authentik.events.api.notification_transports',
    user,
    context: { context: { foo: 'bar' }, user, custom: 'notification_test' },
    clientIp: client.address || null,
    brand: {},
  });
  await em.flush();
  const { pk, app, context, clientIp, created } = event;
  return { pk, action: 'custom_notification_test', app, user, context, clientIp, created };
}
