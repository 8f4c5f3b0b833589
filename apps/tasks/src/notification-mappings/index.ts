/**
 * Programs that administrators write for webhooks: what they return is sent, or what they make of a notification is stored.
 * They are kept here and evaluated where a notification is delivered (`transports`).
 */

export { NotificationMapping, type NotificationMappingEntity } from './notification-mapping.entity.ts';
export { NOTIFICATION_MAPPING_MIGRATIONS } from './notification-mapping.migrations.ts';
export { referableNotificationMappings } from './notification-mapping.resource.ts';
export { bindNotificationMappings, type NotificationMappingDeps } from './notification-mapping.rpc.ts';
