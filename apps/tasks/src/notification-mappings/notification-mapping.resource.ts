import { defineList, exact, referable } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { tasks } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { NotificationMapping, type NotificationMappingEntity } from './notification-mapping.entity.ts';

/** Programs of webhooks, as a plain resource. */
export const notificationMappings: Resource<NotificationMappingEntity, tasks.NotificationWebhookMapping> = {
  model: 'authentik_events.notificationwebhookmapping',
  families: ['authentik_core.propertymapping'],
  type: 'postern.tasks.v1.NotificationWebhookMapping',
  subject: 'tasks.v1.notification_mapping',
  entity: NotificationMapping,
  list: defineList({
    entity: NotificationMapping,
    filters: { name: exact('name') },
    search: ['name'],
    ordering: { pk: 'pk', name: 'name', expression: 'expression' },
    defaultOrder: ['name'],
  }),
  fields: { name: 'name', expression: 'expression' },
  title: ({ name }) => name,
  encode: (rows) => rows.map(({ pk, name, expression }) => ({ pk, name, expression })),
  constraints: {
    notification_mapping__name: () =>
      invalidField('name', 'Property Mapping with this name already exists.', 'PROPERTY_MAPPING_NAME_TAKEN'),
  },
};

/** What others refer to. */
export const referableNotificationMappings = referable(notificationMappings);
