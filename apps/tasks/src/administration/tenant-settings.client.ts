import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';

/** Whether a tenant wants the events of deleted users to go. */
export type WantsForgetting = (tenant: string) => Promise<boolean>;

/** Asks the directory. */
export function createWantsForgetting(
  client: Pick<Client<typeof directory.TenantSettingsServiceDefinition>, 'readSettings'>,
): WantsForgetting {
  return async (tenant) => (await client.readSettings({}, asService(tenant))).gdpr_compliance;
}
