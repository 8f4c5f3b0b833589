import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { Recipient } from './notice.ts';

/** Who can be told. */
export type Recipients = {
  /** Somebody by their key; undefined where there is nobody. */
  find(tenant: string, pk: number, signal?: AbortSignal): Promise<Recipient | undefined>;
};

/** Asks the directory for recipients. */
export function createRecipients(
  client: Pick<Client<typeof directory.UserDirectoryServiceDefinition>, 'batchGetUsers'>,
): Recipients {
  return {
    async find(tenant, pk, signal) {
      const { users } = await client.batchGetUsers({ pks: [pk] }, asService(tenant), { signal });
      return users[0];
    },
  };
}
