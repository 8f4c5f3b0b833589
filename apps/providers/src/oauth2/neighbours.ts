import { common } from '@postern/errors';
import type { auth, directory } from '@postern/proto';
import { asService, type Client, type ReceivedHead } from '@postern/rpc';
import type { Flows, People, Sessions } from './ports.ts';

/** Users, asked from the directory. */
export function createPeople(client: Client<directory.UserDirectoryServiceDefinition>): People {
  return {
    async find(tenant, user, call) {
      const { users } = await client.batchGetUsers({ pks: [user] }, asService(tenant, call));
      return users[0];
    },
    async attributes(tenant, user, call) {
      const { attributes } = await client.getPrincipal({ pk: user }, asService(tenant, call));
      return attributes ?? {};
    },
  };
}

/** Sessions, asked from the login service. */
export function createSessions(client: Client<auth.SessionDirectoryServiceDefinition>): Sessions {
  return {
    async find(tenant, session, call) {
      try {
        return await client.getSessionFacts({ session }, asService(tenant, call));
      } catch (error) {
        if (common.NOT_FOUND.is(error)) return undefined;
        throw error;
      }
    },
    async end(tenant, session, call) {
      await client.endSession({ session }, asService(tenant, call));
    },
  };
}

/** Flows, started by the login service. */
export function createFlows(client: Client<auth.FlowServiceDefinition>): Flows {
  return {
    async start(tenant, request, call) {
      // A browser without a session gets one, with the cookies of the login service.
      const onHead = (head: ReceivedHead) => call.response.adopt(head);
      const { redirect } = await client.startFlow(request, asService(tenant, call), { onHead });
      return redirect;
    },
  };
}
