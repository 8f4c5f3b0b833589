/** Flows over the real engine, database and RPC transport. Accounts, passwords and sessions stand in memory behind their ports. */

import { randomUUID } from 'node:crypto';
import { createEgress } from '@postern/egress';
import { common } from '@postern/errors';
import { createExpressions } from '@postern/expressions';
import { createOutbox, messagingTables } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { auth, directory } from '@postern/proto';
import {
  type Cookie,
  createClient,
  createRpcServer,
  createSealer,
  type Principal,
  type ReceivedHead,
} from '@postern/rpc';
import { testDatabase } from '@postern/testkit';
import type { JsonObject, SessionGrant } from '../plans/index.ts';
import { createPolicies, POLICY_ENTITIES, POLICY_MIGRATIONS } from '../policies/index.ts';
import type { StageAccount } from '../stages/index.ts';
import { giveDefaultFlows } from '../testing/default-flows.fixture.ts';
import {
  createDefaultPolicies,
  createFlows,
  FLOW_ENTITIES,
  FLOW_MIGRATIONS,
  type FlowDeps,
  type SelfCare,
  type Setup,
} from './index.ts';

/** Somebody who can sign in. */
export type Person = StageAccount & { password?: string };

type Session = { readonly user?: Person; readonly since: Date };

/** What the tests look into. */
export type House = Awaited<ReturnType<typeof aHouse>>;

const sealer = createSealer('a secret for tests, long enough to derive keys from');
const log = createLogger({ level: 'silent' });

/** A login service with these people, in a database of its own. Call it at the top of a test file. */
export async function aHouse(people: Person[]) {
  const schema = 'auth';
  const migrations = [
    { name: 'auth/0001-messaging', up: messagingTables(schema) },
    ...FLOW_MIGRATIONS,
    ...POLICY_MIGRATIONS,
  ];
  const { db, sql } = await testDatabase({ schema, entities: [...FLOW_ENTITIES, ...POLICY_ENTITIES], migrations });
  const tenant = randomUUID();
  const sessions = new Map<string, Session>();
  const reports: unknown[] = [];
  const seen = { verified: 0, issued: 0, completed: [] as auth.CompleteRequest[] };
  const completion = { answer: async (): Promise<auth.CompleteResponse> => ({ redirect: 'https://app.example/cb' }) };
  const deps = houseDeps({ people, sessions, reports, seen, completion });
  const build = () => {
    const base = { database: db, outbox: createOutbox({ schema }), report: deps.report };
    const natives = createDefaultPolicies({ setup: setupOf(people), selfCare: selfCareOf(people) });
    const { userDirectory } = deps.clients;
    const expressions = createExpressions({ log });
    const policies = createPolicies({
      ...base,
      db,
      natives,
      expressions,
      settings: async () => SETTINGS,
      passwords: { changed: async () => undefined, retire: async () => undefined },
      clock: { now: () => new Date() },
      neighbours: NO_NEIGHBOURS,
      gate: { find: async () => undefined },
      clients: { userDirectory, groupDirectory: { batchGetGroups: async () => ({ groups: [] }) } },
    });
    const flows = createFlows({
      ...deps,
      ...base,
      policies: policies.port,
      ...policies.forPrompts,
    });
    const server = createRpcServer({ services: [...flows.services, ...policies.services], sealer, log });
    const link = { sealer, service: 'gateway' } as const;
    return {
      executor: createClient(auth.FlowExecutorServiceDefinition, server.channel(), link),
      urls: createClient(auth.FlowUrlServiceDefinition, server.channel(), link),
      bindings: createClient(auth.FlowStageBindingServiceDefinition, server.channel(), link),
      flows: createClient(auth.FlowInstanceServiceDefinition, server.channel(), link),
      stages: createClient(auth.StageServiceDefinition, server.channel(), link),
      identification: createClient(auth.IdentificationStageServiceDefinition, server.channel(), link),
      consent: createClient(auth.ConsentStageServiceDefinition, server.channel(), link),
      promptStages: createClient(auth.PromptStageServiceDefinition, server.channel(), link),
      prompts: createClient(auth.PromptServiceDefinition, server.channel(), link),
      starter: createClient(auth.FlowServiceDefinition, server.channel(), link),
    };
  };
  const house = { db, sql, tenant, people, sessions, reports, seen, completion, parts: build() };
  await db.write({ tenant }, giveDefaultFlows);
  return {
    ...house,
    /** As if the process had been restarted: nothing but the database is left. */
    restart: () => {
      house.parts = build();
    },
    current: () => house.parts,
    browser: (key?: string) => createBrowser({ tenant, sessions, current: () => house.parts }, key),
    /** Adds a flow with these stages, in order. */
    flow: (slug: string, stages: readonly { kind: string; settings?: JsonObject; binding?: JsonObject }[]) =>
      addFlow({ sql, tenant }, slug, stages),
  };
}

type Shared = {
  people: Person[];
  sessions: Map<string, Session>;
  reports: unknown[];
  seen: { verified: number; issued: number; completed: auth.CompleteRequest[] };
  completion: { answer: () => Promise<auth.CompleteResponse> };
};

function houseDeps(
  shared: Shared,
): Omit<FlowDeps, 'database' | 'outbox' | 'policies' | 'promptPolicies' | 'promptValues'> {
  const { people, reports, seen, completion } = shared;
  const byPk = (pk: number) => people.find((person) => person.pk === pk);
  return {
    clock: () => new Date(),
    ids: () => randomUUID(),
    report: (error) => void reports.push(error),
    egress: createEgress({ allow: ['127.0.0.0/8'] }),
    accounts: {
      findByIdentifier: async (_tenant, { fields, value, ignoreCase }) => {
        const same = (text: string) => (ignoreCase ? text.toLowerCase() === value.toLowerCase() : text === value);
        return people.find(
          (person) =>
            (fields.includes('username') && same(person.username)) || (fields.includes('email') && same(person.email)),
        );
      },
      findByPk: async (_tenant, pk) => byPk(pk),
      remember: async () => undefined,
    },
    passwords: {
      verify: async (_tenant, account, password) => {
        seen.verified += 1;
        const person = account && byPk(account.pk);
        if (person?.password === undefined || person.password !== password || !person.isActive) return undefined;
        return { backend: 'authentik.core.auth.InbuiltBackend', method: 'password', args: {} };
      },
      hash: async (password) => `hashed ${[...password].reverse().join('')}`,
      set: async (_tx, pk, hash, { firstOnly }) => {
        const person = byPk(pk);
        if (person === undefined || (firstOnly && person.password !== undefined)) return false;
        person.password = [...hash.slice('hashed '.length)].reverse().join('');
        return true;
      },
    },
    sessions: sessionsOf(shared, byPk),
    neighbours: NO_NEIGHBOURS,
    clients: {
      brands: { getCurrentBrand: async () => Promise.reject(common.UNIMPLEMENTED()) },
      users: {
        createUser: async () => Promise.reject(new Error('nobody is created')),
        updateUser: async ({ id, user }) => {
          const person = byPk(id ?? 0);
          if (person !== undefined && user?.email !== undefined) Object.assign(person, { email: user.email });
          return userOf(person);
        },
      },
      userDirectory: {
        batchGetUsers: async ({ pks }) => ({ users: (pks ?? []).map((pk) => userOf(byPk(pk))) }),
        findByIdentifier: async () => ({ user: undefined }),
      },
      completionOf: () => ({
        complete: async (request) => {
          seen.completed.push(auth.CompleteRequest.fromPartial(JSON.parse(JSON.stringify(request))));
          return completion.answer();
        },
      }),
    },
  };
}

function setupOf(people: readonly Person[]): Setup {
  return {
    admin: async () => {
      const admin = people.find(({ username, password }) => username === 'akadmin' && password === undefined);
      return admin && { pk: admin.pk, uuid: admin.uuid, username: admin.username };
    },
    token: () => 'the-set-up-token',
  };
}

/** People may change their names. */
const SETTINGS = directory.Settings.fromPartial({ default_user_change_name: true });

function selfCareOf(people: readonly Person[]): SelfCare {
  return {
    person: async (_tenant, pk) => {
      const person = people.find((one) => one.pk === pk);
      return person && { user: { ...person, is_active: person.isActive, path: 'users' }, attributes: undefined };
    },
    settings: async () => SETTINGS,
  };
}

const NO_NEIGHBOURS: FlowDeps['neighbours'] = {
  require: async () => undefined,
  usedBy: async () => [],
  describe: async () => new Map(),
};

function sessionsOf({ sessions, seen }: Shared, byPk: (pk: number) => Person | undefined): FlowDeps['sessions'] {
  const open = (session: Session): SessionGrant => {
    const key = randomUUID();
    sessions.set(key, session);
    const cookie: Cookie = { name: 'authentik_session', value: key };
    return { key, cookies: [cookie] };
  };
  return {
    open: async () => open({ since: new Date() }),
    issue: async (_tx, { replaces, account }) => {
      const user = byPk(account);
      if (user?.isActive !== true) return undefined;
      seen.issued += 1;
      sessions.delete(replaces);
      return open({ user, since: new Date() });
    },
    end: async (_tx, key) => {
      sessions.delete(key);
      return open({ since: new Date() });
    },
    facts: async (_tenant, key) => {
      const session = sessions.get(key);
      const user = session?.user;
      if (user === undefined || session === undefined) return undefined;
      const { pk, uuid, username, name, email, type } = user;
      const facts = { pk, uuid, username, name, email, type, is_active: true, path: 'users' };
      return {
        session: key,
        user: facts,
        auth_time: session.since.toISOString(),
        methods: ['password'],
        amr: ['pwd'],
      };
    },
    reader: {
      find: async (_tenant, key) => {
        const session = sessions.get(key);
        if (session?.user === undefined) return undefined;
        const { pk, uuid, username } = session.user;
        return { requester: { pk, uuid, username, superuser: false }, since: session.since };
      },
    },
  };
}

function userOf(person: Person | undefined) {
  const { pk = 0, uuid = '', username = '', name = '', email = '', type = 'internal', isActive = false } = person ?? {};
  return {
    pk,
    uuid,
    username,
    name,
    email,
    type,
    is_active: isActive,
    last_login: undefined,
    is_superuser: false,
    groups: [],
    groups_obj: [],
    avatar: '',
    attributes: undefined,
    uid: '',
    path: 'users',
  };
}

type BrowserDeps = {
  tenant: string;
  sessions: Map<string, Session>;
  current: () => {
    executor: ReturnType<typeof createClient<typeof auth.FlowExecutorServiceDefinition>>;
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
function createBrowser({ tenant, sessions, current }: BrowserDeps, key?: string) {
  const state = { key };
  const call = async (method: 'GET' | 'POST', slug: string, query: string, response?: JsonObject): Promise<Seen> => {
    const received: { head?: ReceivedHead } = {};
    const options = { onHead: (head: ReceivedHead) => void Object.assign(received, { head }) };
    const origin = { context: tokens(tenant, sessions, state.key, slug, method, query) };
    const { executor } = current();
    const answer =
      method === 'GET'
        ? await executor.getChallenge({ flow_slug: slug, query }, origin, options)
        : await executor.solveChallenge({ flow_slug: slug, query, response }, origin, options);
    const cookie = received.head?.cookies.find(({ name }) => name === 'authentik_session');
    if (cookie !== undefined) state.key = cookie.value;
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
    call,
    get: async (slug: string, query = '') => follow(slug, query, await call('GET', slug, query)),
    post: async (slug: string, response: JsonObject, query = '') =>
      follow(slug, query, await call('POST', slug, query, response)),
  };
}

function tokens(
  tenant: string,
  sessions: Map<string, Session>,
  session: string | undefined,
  slug: string,
  method: string,
  query: string,
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
  };
  return { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(client) };
}

type Sql = (text: string, values?: readonly unknown[]) => Promise<unknown[]>;

async function addFlow(
  { sql, tenant }: { sql: Sql; tenant: string },
  slug: string,
  stages: readonly { kind: string; settings?: JsonObject; binding?: JsonObject }[],
): Promise<void> {
  const flow = randomUUID();
  await sql(
    `insert into flow (pk, tenant_id, policy_target, name, slug, title, designation)
     values ($1, $2, $3, $4, $4, 'Title for %(user)s', 'authentication')`,
    [flow, tenant, randomUUID(), slug],
  );
  for (const [order, { kind, settings = {}, binding = {} }] of stages.entries()) {
    const stage = randomUUID();
    await sql('insert into stage (pk, tenant_id, kind, name, settings) values ($1, $2, $3, $4, $5)', [
      stage,
      tenant,
      kind,
      `${slug} ${order}`,
      JSON.stringify(settings),
    ]);
    await sql(
      `insert into flow_stage_binding (pk, tenant_id, policy_target, target, stage, "order", invalid_response_action)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [randomUUID(), tenant, randomUUID(), flow, stage, order, binding.invalid_response_action ?? 'retry'],
    );
  }
}

/** A person of this name. */
export function aPerson(username: string, rest: Partial<Person> = {}): Person {
  const pk = [...username].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0) % 1_000_000;
  const email = `${username}@example.com`;
  return { pk, uuid: randomUUID(), username, name: username, email, isActive: true, type: 'internal', ...rest };
}

/** Signs the tokens of a call that a service makes. */
export function asProviders(tenant: string) {
  return { context: { principal: sealer.sealPrincipal({ kind: 'service', tenant, name: 'providers' }) } };
}

/** Signs the tokens of a call that an administrator makes, or somebody who may do nothing. */
export function asUser(tenant: string, superuser: boolean, query = '') {
  const user = { pk: 1, uuid: randomUUID(), username: 'admin', name: '', email: '', type: 'internal' } as const;
  const principal: Principal = { kind: 'user', tenant, user, superuser, permissions: [], via: 'session', session: 's' };
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
