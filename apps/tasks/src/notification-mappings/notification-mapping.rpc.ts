import { type Expressions, requireCode } from '@postern/expressions';
import { tasks } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { notificationMappings } from './notification-mapping.resource.ts';

/** What the service needs. */
export type NotificationMappingDeps = ResourceDeps & { readonly expressions: Pick<Expressions, 'check'> };

/** Programs of webhooks over RPC. Code that does not compile is refused. */
export function bindNotificationMappings(deps: NotificationMappingDeps): BoundService {
  const mappings = standardMethods(deps, notificationMappings);

  return bind(tasks.NotificationWebhookMappingServiceDefinition, {
    listNotificationWebhookMappings: (request, call) => mappings.list(request, call),
    getNotificationWebhookMapping: ({ pm_uuid }, call) => mappings.get(pm_uuid, call),
    async createNotificationWebhookMapping({ notification_webhook_mapping: mapping }, call) {
      await requireCode(deps.expressions, mapping?.expression, call.context.tenant);
      return mappings.create(mapping, call);
    },
    async updateNotificationWebhookMapping({ pm_uuid, notification_webhook_mapping: mapping, update_mask }, call) {
      const isNamed = update_mask?.includes('expression') ?? true;
      await requireCode(deps.expressions, isNamed ? mapping?.expression : undefined, call.context.tenant);
      return mappings.update(pm_uuid, mapping, update_mask, call);
    },
    deleteNotificationWebhookMapping: ({ pm_uuid }, call) => mappings.remove(pm_uuid, call),
    listNotificationWebhookMappingUsedBy: ({ pm_uuid }, call) => mappings.usedBy(pm_uuid, call),
  });
}
