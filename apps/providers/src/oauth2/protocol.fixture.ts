/** The protocol over the real database and RPC transport. Users, sessions and flows stand in memory behind their ports. */

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createLocalBus, createOutbox, messagingTables } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import {
  auth,
  directory,
  events as eventProtos,
  type events,
  holdings as holdingsApi,
  providers,
} from '@postern/proto';
import {
  asService,
  createClient,
  createRpcServer,
  createSealer,
  noClient,
  type Principal,
  type ReceivedHead,
} from '@postern/rpc';
import { fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { createClients } from '../clients/index.ts';
import { createSigningKeys } from '../keys/index.ts';
import { entities, migrations } from '../schema.ts';
import { somePrograms } from '../testing/mapping-programs.fixture.ts';
import { addClient, CALLBACK, type ClientOptions } from './client.fixture.ts';
import { createOAuth2, type OAuth2Deps } from './index.ts';
import type { ProgramAccount } from './program-accounts.client.ts';

/** Key of the user who is signed in. */
export const ADA = 7;

const sealer = createSealer(TEST_SECRET);
const VERIFIER = randomBytes(32).toString('base64url');
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** Parameters of PKCE, both sides. */
export const PKCE = {
  verifier: VERIFIER,
  challenge: { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
} as const;

/** A user as the directory shows one. */
export function aUser(pk: number, username: string): directory.User {
  return directory.User.fromPartial({
    pk,
    username,
    name: 'Ada Lovelace',
    email: `${username}@example.com`,
    uuid: randomUUID(),
    uid: createHash('sha256').update(String(pk)).digest('hex'),
    is_active: true,
    type: 'internal',
    path: 'users',
    attributes: { upn: `${username}@corp.example` },
    groups_obj: [{ pk: randomUUID(), name: 'staff' }],
  });
}

/** Users, sessions and flows, in memory. */
function aWorld() {
  return {
    people: new Map([[ADA, aUser(ADA, 'ada')]]),
    sessions: new Map<string, auth.SessionFacts>(),
    /** What was counted; whether it was too often; the flow that the brand names. */
    tries: [] as string[],
    isTired: false,
    deviceFlow: 'device' as string | undefined,
    started: [] as Partial<auth.StartFlowRequest>[],
    silent: [] as Partial<auth.StartFlowRequest>[],
    silence: { passed: true, asks: '' },
    /** App passwords by name and key; accounts of programs by name. */
    appPasswords: new Map<string, { user: number; identifier: string }>(),
    accounts: new Map<string, number>(),
    kept: [] as ProgramAccount[],
    /** What clients publish, by address; how often it was read. */
    published: new Map<string, object>(),
    reads: [] as string[],
    asked: [] as Readonly<Record<string, unknown>>[],
    verdict: { passing: true, messages: [] as string[] },
  };
}

type World = ReturnType<typeof aWorld>;

function portsOf(world: World): Pick<OAuth2Deps, 'neighbours' | 'policies' | 'egress'> {
  return {
    neighbours: {
      people: { find: async (_tenant, user) => world.people.get(user), attributes: async () => ({ room: 12 }) },
      sessions: {
        find: async (_tenant, session) => world.sessions.get(session),
        end: async (_tenant, session) => void world.sessions.delete(session),
      },
      attempts: {
        reserve: async (kind) => {
          world.tries.push(kind);
          return !world.isTired;
        },
      },
      github: { joined: async () => '2020-01-02T03:04:05.000Z', brand: async () => 'Postern & Co' },
      everybody: { find: async (_tenant, user) => world.people.get(user) },
      brands: { deviceFlow: async () => world.deviceFlow },
      appPasswords: { find: async (username, key) => world.appPasswords.get(`${username}:${key}`) },
      programAccounts: {
        keep: async (account) => {
          world.kept.push(account);
          return world.accounts.get(account.username);
        },
      },
      flows: {
        start: async (_tenant, request) => {
          world.started.push(request);
          return '/if/flow/consent/';
        },
        pass: async (_tenant, request) => {
          world.silent.push(request);
          return world.silence;
        },
      },
    },
    egress: {
      call: async (url) => {
        world.reads.push(String(url));
        const body = world.published.get(String(url));
        return { status: body ? 200 : 404, headers: {}, body: Buffer.from(JSON.stringify(body ?? {})) };
      },
    },
    policies: {
      check: async ({ context }) => {
        world.asked.push(context);
        return world.verdict;
      },
    },
  };
}

type From = { session?: string; headers?: Record<string, string>; query?: string; in?: string };

/** The request of a browser or a client, as the gateway passes it on. */
function createOrigin(tenant: string, world: World) {
  return ({ session, headers = {}, query = '', in: where = tenant }: From) => {
    const facts = session === undefined ? undefined : world.sessions.get(session);
    const principal = facts?.user ? userPrincipal(where, facts.user, session) : anonymous(where, session);
    const edge = { ...noClient(where, 'request'), host: 'id.example', scheme: 'https', method: 'GET', query };
    const client = sealer.sealClient({ ...edge, path: '/application/o/', address: '192.0.2.1' });
    return { context: { principal: sealer.sealPrincipal(principal), client, headers } };
  };
}

/** Calls with the head of the HTTP answer beside the message or error. */
async function withHead<T>(work: (onHead: (head: ReceivedHead) => void) => Promise<T>) {
  let head: ReceivedHead | undefined;
  const answer = await work((given) => {
    head = given;
  });
  return { answer, head, location: head?.headers.find(([name]) => name === 'location')?.[1] };
}

/** Starts the protocol with a database of its own. Call it at the top of a test file. */
async function served() {
  const schema = 'providers';
  const tables = [{ name: 'test/0001-messaging', up: messagingTables(schema) }, ...migrations];
  const { db, sql } = await testDatabase({ schema, entities, migrations: tables });
  const clock = fakeClock(new Date());
  const tenant = String(randomUUID());
  const world = aWorld();
  const clients = createClients({ signingKeys: createSigningKeys() });
  const programs = somePrograms();
  const parts = createOAuth2({
    ...portsOf(world),
    db,
    outbox: createOutbox({ schema }),
    clients,
    bus: createLocalBus(),
    clock,
    secrets: [TEST_SECRET],
    programs,
  });
  const server = createRpcServer({ services: parts.services, sealer, log: createLogger({ level: 'silent' }) });
  const link = { sealer, service: 'auth' } as const;
  const endpoint = createClient(providers.OAuth2ProtocolServiceDefinition, server.channel(), link);
  const completion = createClient(auth.FlowCompletionServiceDefinition, server.channel(), link);
  const tokens = createClient(providers.AccessTokenServiceDefinition, server.channel(), link);
  const devices = createClient(providers.DeviceServiceDefinition, server.channel(), link);
  const userCodes = createClient(providers.UserCodeServiceDefinition, server.channel(), link);
  const github = createClient(providers.GitHubServiceDefinition, server.channel(), link);
  const holdings = createClient(holdingsApi.HoldingServiceDefinition, server.channel(), link);
  const leaving = createClient(providers.EndSessionServiceDefinition, server.channel(), link);
  return {
    db,
    sql,
    clock,
    tenant,
    world,
    clients,
    parts,
    programs,
    endpoint,
    completion,
    tokens,
    devices,
    userCodes,
    leaving,
    holdings,
    github,
    origin: createOrigin(tenant, world),
  };
}

/** The protocol and what is done to it. Call it at the top of a test file. */
export async function aProtocol() {
  const house = await served();
  const browser = browserOf(house);
  const redeemer = clientOf(house);
  return { ...house, ...browser, ...redeemer, ...factsOf(house), withHead, client: adder(house) };
}

const adder = (house: House) => (name: string, options?: ClientOptions) => addClient(house, name, options);

type House = Awaited<ReturnType<typeof served>>;

/** What a person does. */
function browserOf({ world, clock, endpoint, completion, tenant, origin }: House) {
  /** Somebody's browser session, perhaps one in which they act as somebody else. */
  function signIn(user = ADA, session: string = randomUUID(), as?: number): string {
    const factsOf = (of: number): directory.UserFacts => {
      const { pk, uuid, username, name, email, type, is_active, path } = world.people.get(of) ?? aUser(of, 'x');
      return { pk, uuid, username, name, email, type, is_active, path };
    };
    const who = as === undefined ? { user: factsOf(user) } : { user: factsOf(as), impersonator: factsOf(user) };
    const auth_time = clock.now().toISOString();
    const facts = { session, impersonator: undefined, ...who, auth_time, methods: ['password'], amr: ['pwd'] };
    world.sessions.set(session, facts);
    return session;
  }

  async function authorize(parameters: Partial<providers.AuthorizeRequest>, from: From = {}) {
    const query = new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const { location } = await withHead((onHead) =>
      endpoint.authorize(parameters, origin({ query: query.toString(), ...from }), { onHead }),
    );
    return location ?? '';
  }

  /** Ends the flow that was started last. */
  async function complete(session: string, reference = world.started.at(-1)?.completion?.reference ?? '') {
    const facts = world.sessions.get(session);
    return completion.complete({ reference, session: facts, consented: [] }, asService(tenant));
  }

  /** Leaves the flow that was started last. */
  async function decline(session: string, reference = world.started.at(-1)?.completion?.reference ?? '') {
    const request = { reference, session: world.sessions.get(session), consented: [], declined: true };
    return completion.complete(request, asService(tenant));
  }

  /** A code for this client, as the person who is signed in. */
  async function aCode(client: string, parameters: Partial<providers.AuthorizeRequest> = {}, session = signIn()) {
    const request = {
      response_type: 'code',
      client_id: client,
      redirect_uri: CALLBACK,
      scope: 'openid',
      ...parameters,
    };
    await authorize(request, { session });
    const { redirect = '' } = await complete(session);
    return { code: new URL(redirect).searchParams.get('code') ?? '', session };
  }

  return { signIn, authorize, complete, decline, aCode };
}

/** What a client does. */
function clientOf({ endpoint, origin }: House) {
  const exchange = (request: Partial<providers.ExchangeTokenRequest>, from: From = {}) =>
    endpoint.exchangeToken(request, origin(from));

  /** Redeems a code with the secret `<client> secret`. */
  const redeem = (client: string, code: string, rest: Partial<providers.ExchangeTokenRequest> = {}) =>
    exchange({
      grant_type: 'authorization_code',
      client_id: client,
      client_secret: `${client} secret`,
      redirect_uri: CALLBACK,
      code,
      ...rest,
    });

  const refresh = (client: string, refresh_token = '', rest: Partial<providers.ExchangeTokenRequest> = {}) =>
    exchange({
      grant_type: 'refresh_token',
      client_id: client,
      client_secret: `${client} secret`,
      refresh_token,
      ...rest,
    });

  return { exchange, redeem, refresh };
}

/** Facts that go out and come in. */
function factsOf({ sql, db, parts, tenant }: House) {
  /** Facts of the outbox, newest last. */
  async function facts(subject: string): Promise<events.Envelope[]> {
    const rows = await sql<{ envelope: Buffer }>('select envelope from outbox where subject = $1 order by event_id', [
      subject,
    ]);
    return rows.map(({ envelope }) => eventProtos.Envelope.decode(envelope));
  }

  /** What happens when a fact of another service arrives. */
  async function hear(subject: string, payload: Uint8Array, occurred_at?: string): Promise<void> {
    const envelope = eventProtos.Envelope.fromPartial({ id: randomUUID(), subject, tenant, payload, occurred_at });
    const handlers = parts.consumers
      .flatMap((consumer) => consumer.handlers)
      .filter(({ filter }) => filter === subject);
    await db.write({ tenant }, async (em) => {
      for (const handler of handlers) await handler.handle(envelope, em);
    });
  }

  return { facts, hear };
}

function userPrincipal(tenant: string, user: directory.UserFacts, session: string | undefined): Principal {
  const { pk, uuid, username, name, email } = user;
  const shown = { pk, uuid, username, name, email, type: 'internal' } as const;
  return { kind: 'user', tenant, user: shown, superuser: false, permissions: [], via: 'session', session };
}

function anonymous(tenant: string, session: string | undefined): Principal {
  return { kind: 'anonymous', tenant, session };
}
