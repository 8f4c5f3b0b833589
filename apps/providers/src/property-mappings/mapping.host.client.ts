import type { Database } from '@postern/database';
import { HostFunctionError } from '@postern/expressions';
import type { Outbox } from '@postern/messaging';
import type { auth } from '@postern/proto';
import { eventContext, recordedFact } from '@postern/resource';
import { asService, type Client } from '@postern/rpc';
import type { MappingHost } from './mapping.programs.ts';

export type MappingHostDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly devices: Pick<Client<auth.DeviceServiceDefinition>, 'listAllDevices'>;
  readonly policies: Pick<Client<auth.PolicyServiceDefinition>, 'listPolicies' | 'testPolicy'>;
};

/** Asks the login service for what programs want to know of it. */
export function createMappingHost({ db, outbox, devices, policies }: MappingHostDeps): MappingHost {
  return {
    async hasDevice(tenant, user, deviceClass) {
      const { items } = await devices.listAllDevices({ user }, asService(tenant));
      const prefix = deviceClass === null ? '' : `authentik_stages_authenticator_${deviceClass}.`;
      return items.some(({ confirmed, type }) => confirmed && type.startsWith(prefix));
    },

    async callPolicy({ name, user, context }, call) {
      const origin = asService(call.context.tenant, call);
      const { results } = await policies.listPolicies({ search: name, page_size: 1_000 }, origin);
      const found = results.find((policy) => policy.name === name);
      if (found === undefined) throw new HostFunctionError(`Policy '${name}' not found.`);
      // A policy is asked, and nothing of what it would change is kept: a mapping has no flow behind it.
      const plain = JSON.parse(JSON.stringify(context));
      const test = { policy_uuid: found.pk, policy_test: { user, context: plain } };
      const { passing, messages } = await policies.testPolicy(test, origin);
      return { passing, messages };
    },

    async record({ action, context, mapping }, call) {
      const plain = JSON.parse(JSON.stringify(context));
      const fact = recordedFact('providers', { action, app: mapping, context: plain });
      await db.write({ tenant: call.context.tenant }, (em) => outbox.record(em, eventContext(call), fact));
    },
  };
}
