/** Browsers and other callers, with the tokens that their calls carry. */

import { randomUUID } from 'node:crypto';
import type { auth } from '@postern/proto';
import { type createClient, createSealer, type Principal, type ReceivedHead } from '@postern/rpc';
import { expect } from 'vitest';
import type { JsonObject } from '../plans/index.ts';
import type { Session } from './people.fixture.ts';

/** Seals what calls of the tests carry. */
export const sealer = createSealer('a secret for tests, long enough to derive keys from');

type BrowserDeps = {
  tenant: string;
  sessions: Map<string, Session>;
  current: () => {
    executor: ReturnType<typeof createClient<typeof auth.FlowExecutorServiceDefinition>>;
    passkeys: ReturnType<typeof createClient<typeof auth.FlowPasskeyServiceDefinition>>;
  };
};

/** What a browser sees. */
export type Seen = {
  /** The challenge, its member unwrapped; undefined for a redirect that was not followed. */
  readonly challenge: Readonly<Record<string, unknown>>;
  readonly status: number | undefined;
  readonly location: string | undefined;
};

/** A browser that keeps its session cookie. `get` and `post` follow the executor's redirects to itself, as browsers do. */
export function createBrowser({ tenant, sessions, current }: BrowserDeps, key?: string) {
  const state = { key };
  const jar: Record<string, string> = {};
  const call = async (
    method: 'GET' | 'POST',
    slug: string,
    query: string,
    response?: JsonObject,
    deadlineMs?: number,
  ): Promise<Seen> => {
    const received: { head?: ReceivedHead } = {};
    const options = { deadlineMs, onHead: (head: ReceivedHead) => void Object.assign(received, { head }) };
    const origin = { context: tokens(tenant, sessions, state.key, slug, method, query, jar) };
    const { executor } = current();
    const answer =
      method === 'GET'
        ? await executor.getChallenge({ flow_slug: slug, query }, origin, options)
        : await executor.solveChallenge({ flow_slug: slug, query, response }, origin, options);
    const cookie = received.head?.cookies.find(({ name }) => name === 'authentik_session');
    if (cookie !== undefined) state.key = cookie.value;
    for (const { name, value } of received.head?.cookies ?? []) if (name !== 'authentik_session') jar[name] = value;
    const location = received.head?.headers.find(([name]) => name === 'location')?.[1];
    const [challenge = {}] = Object.values(answer).filter((member) => member !== undefined);
    return { challenge, status: received.head?.status, location };
  };
  const follow = async (slug: string, query: string, seen: Seen): Promise<Seen> =>
    seen.location === undefined ? seen : follow(slug, query, await call('GET', slug, query));
  return {
    get session() {
      return state.key;
    },
    /** Asks for what a browser needs to offer passkeys. */
    async offer(slug: string): Promise<JsonObject> {
      const origin = { context: tokens(tenant, sessions, state.key, slug, 'GET', '', jar) };
      const heads: ReceivedHead[] = [];
      const head = { onHead: (one: ReceivedHead) => void heads.push(one) };
      const { options } = await current().passkeys.offerPasskey({ flow_slug: slug }, origin, head);
      expect(heads[0]?.headers).toContainEqual(['cache-control', 'no-store']);
      return JSON.parse(JSON.stringify(options));
    },
    /** Cookies besides the session's. */
    jar,
    call,
    get: async (slug: string, query = '') => follow(slug, query, await call('GET', slug, query)),
    post: async (slug: string, response: JsonObject, query = '', deadlineMs?: number) =>
      follow(slug, query, await call('POST', slug, query, response, deadlineMs)),
  };
}

function tokens(
  tenant: string,
  sessions: Map<string, Session>,
  session: string | undefined,
  slug: string,
  method: string,
  query: string,
  cookies: Readonly<Record<string, string>>,
) {
  const user = session === undefined ? undefined : sessions.get(session)?.user;
  const principal: Principal =
    user === undefined
      ? { kind: 'anonymous', tenant, session }
      : {
          kind: 'user',
          tenant,
          user: { ...user, type: 'internal' },
          superuser: false,
          permissions: [],
          via: 'session',
          session,
        };
  const client = {
    tenant,
    address: '192.0.2.1',
    userAgent: 'test',
    host: 'id.example',
    scheme: 'https',
    method,
    path: `/api/v3/flows/executor/${slug}/`,
    query: `query=${encodeURIComponent(query)}`,
    requestId: 'request-1',
    cookies: { ...cookies },
  };
  return { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(client) };
}

/** Signs the tokens of a call that a service makes. */
export function asProviders(tenant: string) {
  return { context: { principal: sealer.sealPrincipal({ kind: 'service', tenant, name: 'providers' }) } };
}

/** Signs the tokens of a call that an administrator makes, or somebody who may do nothing. */
export function asUser(tenant: string, superuser: boolean, query = '', permissions: string[] = []) {
  const user = { pk: 1, uuid: randomUUID(), username: 'admin', name: '', email: '', type: 'internal' } as const;
  const principal: Principal = { kind: 'user', tenant, user, superuser, permissions, via: 'session', session: 's' };
  const client = {
    tenant,
    address: '',
    userAgent: '',
    host: 'id.example',
    scheme: 'https',
    method: 'GET',
    path: '/',
    query,
  };
  const sealed = sealer.sealClient({ ...client, requestId: 'request-2' });
  return { context: { principal: sealer.sealPrincipal(principal), client: sealed } };
}
