import { setTimeout as sleep } from 'node:timers/promises';
import { type Expressions, invalidExpression } from '@postern/expressions';
import { tasks } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { notificationMappings } from './notification-mapping.resource.ts';

/** What the service needs. */
export type NotificationMappingDeps = ResourceDeps & { readonly expressions: Pick<Expressions, 'check'> };

/** An interpreter that is not at hand by then does not keep anybody from saving: code that does not compile fails when it is used. */
const PATIENCE_MS = 5_000;

/** Programs of webhooks over RPC. Code that does not compile is refused. */
export function bindNotificationMappings(deps: NotificationMappingDeps): BoundService {
  const mappings = standardMethods(deps, notificationMappings);

  async function requireCode(code: string | undefined, tenant: string): Promise<void> {
    if (!code) return;
    const unknown = new AbortController();
    const checked = deps.expressions.check({ tenant, code }).catch(() => undefined);
    const late = sleep(PATIENCE_MS, undefined, { signal: unknown.signal, ref: false }).catch(() => undefined);
    const problem = await Promise.race([checked, late]).finally(() => unknown.abort());
    if (problem) throw invalidExpression(problem);
  }

  return bind(tasks.NotificationWebhookMappingServiceDefinition, {
    listNotificationWebhookMappings: (request, call) => mappings.list(request, call),
    getNotificationWebhookMapping: ({ pm_uuid }, call) => mappings.get(pm_uuid, call),
    async createNotificationWebhookMapping({ notification_webhook_mapping: mapping }, call) {
      await requireCode(mapping?.expression, call.context.tenant);
      return mappings.create(mapping, call);
    },
    async updateNotificationWebhookMapping({ pm_uuid, notification_webhook_mapping: mapping, update_mask }, call) {
      const isNamed = update_mask?.includes('expression') ?? true;
      await requireCode(isNamed ? mapping?.expression : undefined, call.context.tenant);
      return mappings.update(pm_uuid, mapping, update_mask, call);
    },
    deleteNotificationWebhookMapping: ({ pm_uuid }, call) => mappings.remove(pm_uuid, call),
    listNotificationWebhookMappingUsedBy: ({ pm_uuid }, call) => mappings.usedBy(pm_uuid, call),
  });
}
