/** The app as tests run it: its real schema, its real services behind their access rules, its neighbours in the same process. */

import { createExpressions } from '@postern/expressions';
import { createLocalBus, createMessaging, matchesSubject, messagingOn } from '@postern/messaging';
import { createLogger, createMetrics } from '@postern/observability';
import { providers as api, events, jobs, pictures, references } from '@postern/proto';
import {
  asService,
  type Client,
  createClient,
  createRpcServer,
  createSealer,
  loadContract,
  noClient,
  type Origin,
  type Sealer,
  type ServiceDefinition,
  type ServiceName,
} from '@postern/rpc';
import { migrationsOf } from '@postern/service';
import { aTenant, fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { providers } from '../app.ts';
import type { ProvidersConfig } from '../config.ts';
import { aNeighbourhood } from './neighbours.ts';

/** A flow that exists. */
export const FLOW = '0197c0de-0000-7000-8000-00000000f10a';
/** A key that names nothing. */
export const UNKNOWN = '0197c0de-0000-7000-8000-00000000ffff';

const NO_STORE = {
  endpoint: undefined,
  region: '',
  bucket: undefined,
  prefix: '',
  accessKey: undefined,
  secretKey: undefined,
};

/** Someone who calls. Without permissions: a superuser. */
export type Caller = { readonly permissions?: readonly string[]; readonly query?: string };

/** Starts the app for one test file. */
export async function servedProviders(s3: ProvidersConfig['media']['s3'] = NO_STORE) {
  const { entities } = providers.database;
  const { db, sql } = await testDatabase({ schema: 'providers', entities, migrations: migrationsOf(providers) });
  const log = createLogger({ level: 'silent' });
  const sealer = createSealer(TEST_SECRET);
  const contract = loadContract();
  const clock = fakeClock(new Date());
  const around = aNeighbourhood();
  around.known.add(FLOW);
  const servers = new Map<ServiceName, ReturnType<typeof createRpcServer>>();
  for (const app of ['auth', 'directory', 'tasks'] as const)
    servers.set(app, createRpcServer({ services: around.services[app], sealer, log, contract }));

  /** Apps call each other in circles: the server is looked up when the call is made. */
  function client<Definition extends ServiceDefinition>(
    definition: Definition,
    app = ownerOf(definition),
  ): Client<Definition> {
    const serverOf = () => required(servers.get(app)).channel();
    const unary = (...call: Parameters<ReturnType<typeof serverOf>['unary']>) => serverOf().unary(...call);
    return createClient(definition, { unary, close: () => undefined }, { sealer, service: 'providers' });
  }

  const bus = createLocalBus();
  const messaging = createMessaging({ ...messagingOn(db), bus, clock });
  const parts = await providers.build({
    name: 'providers',
    config: { certDiscoveryDir: '', egress: { allow: [] }, media: { s3 } },
    log,
    metrics: createMetrics(),
    bus,
    sealer,
    contract,
    secrets: [TEST_SECRET],
    clock,
    // Nothing runs before something is evaluated.
    expressions: createExpressions({ log }),
    hosts: () => false,
    isReady: async () => true,
    client,
    database: db,
    messaging,
  });
  servers.set('providers', createRpcServer({ services: parts.services ?? [], sealer, log, contract }));

  const as = callersOf(sealer);

  /** Lets a fact of another service arrive. */
  async function hear(tenant: string, subject: string, change: Partial<events.ModelChanged>): Promise<void> {
    const payload = events.ModelChanged.encode(events.ModelChanged.fromPartial(change)).finish();
    const fact = { id: tenant, tenant, subject, type: 'postern.events.v1.ModelChanged', payload };
    const envelope = events.Envelope.fromPartial(fact);
    const handlers = (parts.consumers ?? []).flatMap((consumer) => [...consumer.handlers]);
    for (const { filter, handle } of handlers)
      if (matchesSubject(filter, subject)) await db.write({ tenant }, async (em) => void (await handle(envelope, em)));
  }

  return {
    db,
    jobs: parts.jobs ?? [],
    ...told(sql),
    sql,
    clock,
    around,
    as,
    hear,
    tenant: () => aTenant().tenant,
    seed: (tenant: string) => db.write({ tenant }, (em) => required(parts.seed)(tenant, em)),
    ...publicServices(client),
    references: client(references.ReferenceServiceDefinition, 'providers'),
    pictures: client(pictures.PictureServiceDefinition, 'providers'),
    /** What a service of the platform reads of a tenant, to open connections. */
    servingPair(service: ServiceName, tenant: string, key_pair = ''): Promise<api.ServingPair> {
      const channel = required(servers.get('providers')).channel();
      const own = createClient(api.ServingPairServiceDefinition, channel, { sealer, service });
      return own.readServingPair({ key_pair }, asService(tenant));
    },
  };
}

type Sql = Awaited<ReturnType<typeof testDatabase>>['sql'];

/** What the app told of what it did. */
function told(sql: Sql) {
  /** Facts of a tenant, in the order of their recording. */
  async function facts(tenant: string): Promise<events.Envelope[]> {
    const rows = await sql<{ envelope: Buffer }>('select envelope from outbox where tenant_id = $1 order by seq', [
      tenant,
    ]);
    return rows.map(({ envelope }) => events.Envelope.decode(envelope));
  }

  /** What became of the objects of a tenant: `providers.v1.application.created web`. */
  async function changes(tenant: string): Promise<string[]> {
    const all = await facts(tenant);
    return all.map(({ subject, payload }) => `${subject} ${events.ModelChanged.decode(payload).name}`);
  }

  /** Jobs that were asked for. */
  async function requested(): Promise<{ name: string; args: unknown }[]> {
    const rows = await sql<{ envelope: Buffer }>(
      "select envelope from outbox where subject = 'jobs.v1.job.requested' order by seq",
    );
    return rows
      .map(({ envelope }) => events.Envelope.decode(envelope))
      .flatMap(({ payload }) => jobs.JobRequested.decode(payload).jobs)
      .map(({ name, args }) => ({ name, args: JSON.parse(args) }));
  }

  return { facts, changes, requested };
}

type ClientOf = <Definition extends ServiceDefinition>(definition: Definition) => Client<Definition>;

function publicServices(client: ClientOf) {
  return {
    applications: client(api.ApplicationServiceDefinition),
    applicationsWithProviders: client(api.TransactionalApplicationServiceDefinition),
    providers: client(api.ProviderServiceDefinition),
    oauth2: client(api.OAuth2ProviderServiceDefinition),
    clientSettings: client(api.ClientSettingsServiceDefinition),
    scim: client(api.SCIMProviderServiceDefinition),
    scopes: client(api.ScopeMappingServiceDefinition),
    sources: client(api.OAuthSourceServiceDefinition),
    keys: client(api.CertificateKeyPairServiceDefinition),
    media: client(api.MediaServiceDefinition),
  };
}

/** Calls as somebody of a tenant, from a browser. */
function callersOf(sealer: Sealer) {
  return (tenant: string, { permissions, query = '' }: Caller = {}): Origin => {
    const user = {
      pk: 7,
      uuid: tenant,
      username: 'ada',
      name: 'Ada',
      email: 'ada@example.com',
      type: 'internal',
    } as const;
    const rights = { superuser: permissions === undefined, permissions: permissions ?? [], via: 'session' as const };
    const edge = { host: 'id.example.com', scheme: 'https', path: '/api/v3/', method: 'POST', query };
    return {
      context: {
        principal: sealer.sealPrincipal({ kind: 'user', tenant, user, ...rights }),
        client: sealer.sealClient({ ...noClient(tenant, 'request'), ...edge }),
      },
    };
  };
}

/** An OAuth2 provider as the gateway sends one: with the defaults of the proto. */
export function aProvider(values: Partial<api.OAuth2Provider> = {}): Partial<api.OAuth2Provider> {
  return {
    name: 'web',
    authorization_flow: FLOW,
    client_type: 'confidential',
    client_id: 'web',
    access_code_validity: 'minutes=1',
    access_token_validity: 'hours=1',
    refresh_token_validity: 'days=30',
    include_claims_in_id_token: true,
    sub_mode: 'hashed_user_id',
    issuer_mode: 'per_provider',
    redirect_uris: 'https://app.example/cb',
    ...values,
  };
}

/** What a test waits for: the violations of a refused request. */
export const refusal = (field: string, description: string) => ({ violations: [{ field, description }] });

function ownerOf({ fullName }: ServiceDefinition): ServiceName {
  return required((['auth', 'directory', 'providers', 'tasks'] as const).find((app) => fullName.includes(`.${app}.`)));
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a test needs this');
  return value;
}
