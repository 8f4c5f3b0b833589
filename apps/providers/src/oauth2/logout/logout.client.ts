import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';

/** Users, as the directory knows them now, asked by a job. */
export type LogoutPeople = { find(tenant: string, user: number): Promise<directory.User | undefined> };

/** Users, asked from the directory. */
export function createLogoutPeople(client: Client<directory.UserDirectoryServiceDefinition>): LogoutPeople {
  return {
    async find(tenant, user) {
      const { users } = await client.batchGetUsers({ pks: [user] }, asService(tenant));
      return users[0];
    },
  };
}
