import { common } from '@postern/errors';
import type { api, tasks } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';
import { type AnyMapping, WEBHOOK_KIND } from './property-mapping.kinds.ts';

/** Mappings that another service keeps: those of webhooks. */
export type OtherMappings = {
  /** Those whose name holds every word; there are few. */
  list(search: string, call: Call): Promise<AnyMapping[]>;
  /** Undefined when there is none of this key. */
  find(pk: string, call: Call): Promise<AnyMapping | undefined>;
  /** Deletes one, as the caller. Throws NOT_FOUND. */
  remove(pk: string, call: Call): Promise<void>;
  /** Throws NOT_FOUND. */
  usedBy(pk: string, call: Call): Promise<api.UsedByList>;
};

const MOST = 1_000;

/** Asks their keeper. */
export function createOtherMappings(client: Client<tasks.NotificationWebhookMappingServiceDefinition>): OtherMappings {
  return {
    async list(search, call) {
      const request = { search, page_size: MOST };
      const { results } = await client.listNotificationWebhookMappings(request, asService(call.context.tenant, call));
      return results.map(ofWebhooks);
    },
    async find(pm_uuid, call) {
      try {
        const origin = asService(call.context.tenant, call);
        return ofWebhooks(await client.getNotificationWebhookMapping({ pm_uuid }, origin));
      } catch (error) {
        if (common.NOT_FOUND.is(error)) return undefined;
        throw error;
      }
    },
    async remove(pm_uuid, call) {
      await client.deleteNotificationWebhookMapping({ pm_uuid }, { call });
    },
    usedBy: (pm_uuid, call) => client.listNotificationWebhookMappingUsedBy({ pm_uuid }, { call }),
  };
}

function ofWebhooks({ pk, name, expression }: tasks.NotificationWebhookMapping): AnyMapping {
  return { pk, kind: WEBHOOK_KIND.kind, managed: null, name, expression };
}
