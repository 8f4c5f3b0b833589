import { createBatch } from '@postern/database';
import { common } from '@postern/errors';
import type { auth, directory } from '@postern/proto';
import { asService, type Client, type ReceivedHead } from '@postern/rpc';
import type { Flows, People, Sessions } from './ports.ts';
import { createRemembered, type News } from './remembered.facts.ts';

/**
 * Users, asked from the directory: by everybody of a moment at once, and remembered for a second. Several requests wait for one question, so that it is asked
 * on behalf of none of them, and ends with none.
 * @param news of what changes users and their groups.
 */
export function createPeople(client: Client<directory.UserDirectoryServiceDefinition>, news: News): People {
  const users = createRemembered<number, directory.User>(news, ['directory.v1.>']);
  const attributes = createRemembered<number, Readonly<Record<string, unknown>>>(news, ['directory.v1.>']);
  const ask = createBatch<number, directory.User | undefined>({
    async run(tenant, pks) {
      const answer = await client.batchGetUsers({ pks: [...new Set(pks)] }, asService(tenant));
      const found = new Map(answer.users.map((user) => [user.pk, user]));
      return pks.map((pk) => found.get(pk));
    },
  });
  return {
    find: (tenant, user) => users(tenant, user, () => ask(tenant, user)),
    async attributes(tenant, user) {
      const find = async () => (await client.getPrincipal({ pk: user }, asService(tenant))).attributes ?? {};
      return (await attributes(tenant, user, find)) ?? {};
    },
  };
}

/** What begins, renews or ends a session, or changes who acts in it. */
const SESSION_NEWS = ['auth.v1.session.*', 'auth.v1.impersonation.*'];

/**
 * Sessions, asked from the login service and remembered for a second.
 * @param news of sessions that end.
 */
export function createSessions(client: Client<auth.SessionDirectoryServiceDefinition>, news: News): Sessions {
  const facts = createRemembered<string, auth.SessionFacts>(news, SESSION_NEWS);
  async function ask(tenant: string, session: string) {
    try {
      return await client.getSessionFacts({ session }, asService(tenant));
    } catch (error) {
      if (common.NOT_FOUND.is(error)) return undefined;
      throw error;
    }
  }
  return {
    find: (tenant, session) => facts(tenant, session, () => ask(tenant, session)),
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
    pass: (tenant, request, call) => client.passSilently(request, asService(tenant, call)),
  };
}
