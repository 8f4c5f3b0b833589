import { asNumber, asUuid, boolean, custom, defineList, exact } from '@postern/database';
import { Notification } from './notification.entity.ts';

/** Notifications as a list, the latest first. */
export const notificationList = defineList({
  entity: Notification,
  filters: {
    body: exact('body'),
    created: custom((value) => ({ created: new Date(String(value)) })),
    event: exact('event', asUuid),
    seen: boolean('seen'),
    severity: exact('severity'),
    user: exact('user', asNumber),
  },
  search: ['body'],
  ordering: { pk: 'pk', severity: 'severity', body: 'body', created: 'created', event: 'event', seen: 'seen' },
  defaultOrder: ['-created'],
});
