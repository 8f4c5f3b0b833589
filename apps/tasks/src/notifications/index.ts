/**
 * What people are told about events: kept until it was seen, or until the event is forgotten. Who is told what follows from `rules`.
 */

export { cleanUpJob, cleanUpNotifications } from './cleanup.job.ts';
export { Notification, type NotificationEntity } from './notification.entity.ts';
export { NOTIFICATION_MIGRATIONS } from './notification.migrations.ts';
export { type NewNotification, storeNotification } from './notification.repository.ts';
export { bindNotifications, type NotificationRpcDeps, referableNotifications } from './notification.rpc.ts';
