/** The whole login service in a process of its own, with its database, its consumers and the neighbours that it asks. */

import { defineConfig } from '@postern/config';
import { DEFAULT_TENANT } from '@postern/database';
import { defineEvent, type EventBus, fact } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { auth as api, directory, events, references } from '@postern/proto';
import { bind, type Client, createSealer, noClient, type Principal, type ServiceName } from '@postern/rpc';
import { defineApp, migrationsOf, type PlainDeps, startProcess } from '@postern/service';
import { fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { v7 } from 'uuid';
import { afterAll, expect } from 'vitest';
import { auth } from '../index.ts';
import { aBrowser } from './browser.fixture.ts';
import { clientsOf } from './clients.fixture.ts';
import { giveDefaultFlows } from './default-flows.fixture.ts';
import { aDirectory, factsOf, type Person } from './directory.fixture.ts';

const settings = defineConfig({});
const USER = {
  created: defineEvent('directory.v1.user.created', directory.UserCreated),
  updated: defineEvent('directory.v1.user.updated', directory.UserUpdated),
  deleted: defineEvent('directory.v1.user.deleted', directory.UserDeleted),
};

/** What the tests look into. */
export type House = Awaited<ReturnType<typeof anAuth>>;

/** Starts the login service. Call it at the top of a test file. */
export async function anAuth(env: Record<string, string> = {}) {
  const { db, sql, url } = await testDatabase({ schema: 'auth', migrations: migrationsOf(auth), entities: [] });
  await db.write({ tenant: DEFAULT_TENANT }, giveDefaultFlows);
  const people = aDirectory();
  const clock = fakeClock(new Date());
  const sealer = createSealer(TEST_SECRET, { now: () => clock.now().getTime() });
  const edge: { deps?: PlainDeps<object>; bus?: EventBus } = {};
  const started = await startProcess({
    manifests: [
      neighbour('directory', people.services),
      neighbour('providers', people.providerServices),
      neighbour('tasks', () => [NOTHING]),
      auth,
      defineApp({
        name: 'gateway',
        settings,
        build(deps) {
          Object.assign(edge, { deps, bus: deps.bus });
          return {};
        },
      }),
    ],
    env: {
      POSTERN_SECRET_KEY: TEST_SECRET,
      POSTERN_DATABASE__URL: url,
      POSTERN_LISTEN__METRICS: '127.0.0.1:0',
      ...env,
    },
    clock,
    log: createLogger({ level: process.env.AUTH_LOG === undefined ? 'silent' : 'error' }),
  });
  afterAll(() => started.stop());
  const { deps, bus } = edge;
  if (!deps || !bus) throw new Error('the edge was not built');
  const told: events.Envelope[] = [];
  bus.tail('auth.v1.>', (envelope) => void told.push(envelope));
  const clients = clientsOf(deps.client);
  const clientToken = (tenant: string, given: object = {}) =>
    sealer.sealClient({ ...noClient(tenant, 'request'), ...CLIENT, ...given });
  const as = (principal: Principal, given: object = {}) => ({
    context: { principal: sealer.sealPrincipal(principal), client: clientToken(principal.tenant, given) },
  });
  return {
    ...clients,
    people,
    clock,
    sealer,
    sql,
    as,
    /** Calls as somebody with an API token. */
    asUser: (tenant: string, person: Person, given: object = {}) => as(userPrincipal(tenant, person), given),
    /** Gives another tenant the flows that every tenant starts with. */
    giveFlows: (tenant: string) => db.write({ tenant }, giveDefaultFlows),
    /** Calls as another service. */
    asService: (tenant: string, name: ServiceName = 'directory') => as({ kind: 'service', tenant, name }),
    browser: (tenant: string) => aBrowser({ tenant, clients, as }),
    /** What the directory tells of somebody. */
    tell: (tenant: string, verb: keyof typeof USER, person: Person) => bus.publish(envelopeOf(tenant, verb, person)),
    /** Facts that say that a session is over. */
    endedSessions: (key: string) =>
      told
        .filter(({ subject }) => subject === 'auth.v1.session.ended')
        .filter(({ payload }) => api.SessionEnded.decode(payload).session === key),
    /** What was published in a tenant under a subject about somebody, once there is something. */
    async published<T>(tenant: string, subject: string, codec: { decode(bytes: Uint8Array): T }, about?: Person) {
      const isMeant = ({ actor, ...one }: events.Envelope) =>
        one.tenant === tenant && one.subject === subject && (about === undefined || actor?.user?.pk === about.pk);
      await expect.poll(() => told.filter(isMeant)).not.toEqual([]);
      return told.filter(isMeant).map((envelope) => ({ ...envelope, payload: codec.decode(envelope.payload) }));
    },
  };
}

/** Clients of the login service. */
export type AuthClients = {
  readonly principals: Client<api.PrincipalServiceDefinition>;
  readonly executor: Client<api.FlowExecutorServiceDefinition>;
};

/** The principal of somebody with an API token. */
export function userPrincipal(tenant: string, person: Person): Principal {
  const { pk, uuid, username, name, email, superuser, permissions } = person;
  const user = { pk, uuid, username, name, email, type: 'internal' as const };
  return { kind: 'user', tenant, user, superuser, permissions, via: 'api_token' };
}

/** A refusal, as the catalogue names it. */
export function refusal(promise: Promise<unknown>, expected: object) {
  return expect(promise).rejects.toMatchObject(expected);
}

const CLIENT = {
  address: '192.0.2.1',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  host: 'id.example',
  scheme: 'https',
  method: 'POST',
  path: '/api/v3/',
};

const NOTHING = bind(references.ReferenceServiceDefinition, {
  exists: async () => ({ keys: [] }),
  describe: async () => ({ names: {} }),
  usedBy: async () => ({ items: [] }),
});

function neighbour(name: ServiceName, services: () => ReturnType<typeof bind>[]) {
  return defineApp({ name, settings, build: () => ({ services: services() }) });
}

function envelopeOf(tenant: string, verb: keyof typeof USER, person: Person): events.Envelope {
  const user = factsOf(person);
  const { subject, type, payload } = {
    created: () => fact(USER.created, { user }),
    updated: () => fact(USER.updated, { user, changed: [] }),
    deleted: () => fact(USER.deleted, { user }),
  }[verb]();
  return events.Envelope.create({
    id: v7(),
    subject,
    type,
    tenant,
    payload,
    occurred_at: new Date().toISOString(),
  });
}
