import { common } from '@postern/errors';
import { ExpressionError } from '@postern/expressions';
import type { tasks } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { MessageValues } from '../policies/index.ts';
import { SmsMappingFailed, type SmsMappings } from '../stages/index.ts';

/** What asking for mappings takes. */
export type SmsMappingDeps = {
  readonly mappings: Pick<Client<tasks.NotificationWebhookMappingServiceDefinition>, 'getNotificationWebhookMapping'>;
  readonly values: MessageValues;
};

/** Mappings, read from their owner for every message and run here. */
export function createSmsMappings({ mappings, values }: SmsMappingDeps): SmsMappings {
  const find = (tenant: string, pm_uuid: string) =>
    mappings.getNotificationWebhookMapping({ pm_uuid }, asService(tenant)).catch((error: unknown) => {
      if (common.NOT_FOUND.is(error)) throw new SmsMappingFailed('The mapping is gone.');
      throw error;
    });
  return {
    body: async (mapping, { request, stage, user, number, device }, code) => {
      const { name, expression } = await find(request.tenant, mapping);
      const about = { request, user, code, device: { phone_number: number, name: device }, stage };
      return values.evaluate({ name, code: expression }, about).catch((error: unknown) => {
        if (!(error instanceof ExpressionError)) throw error;
        throw new SmsMappingFailed(`The mapping ${name} failed: ${error.message}`);
      });
    },
  };
}
