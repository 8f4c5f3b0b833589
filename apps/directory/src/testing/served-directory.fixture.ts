/** The directory as tests run it: its real schema, its real services behind their access rules, its neighbours in the same process. */

import { Secret } from '@postern/config';
import type { DatabaseOptions, EntityManager } from '@postern/database';
import { createExpressions } from '@postern/expressions';
import { createLocalBus, createMessaging, matchesSubject, messagingOn } from '@postern/messaging';
import { createLogger, createMetrics } from '@postern/observability';
import { directory as api, events, references } from '@postern/proto';
import { createObjectRights, rememberGrants } from '@postern/resource';
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
  type UserPrincipal,
} from '@postern/rpc';
import { migrationsOf } from '@postern/service';
import { aTenant, fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { directory } from '../app.ts';
import { aNeighbourhood } from './neighbours.fixture.ts';

/** What opens the register of tenants. */
export const OPERATORS_KEY = 'the key of the operators';

/** Someone who calls. Without permissions: a superuser. */
export type Caller = {
  readonly permissions?: readonly string[];
  readonly roles?: readonly string[];
  readonly pk?: number | undefined;
  readonly host?: string;
  readonly query?: string;
  readonly impersonator?: UserPrincipal['impersonator'];
};

/** Starts the directory for one test file. `onQuery` is told about every statement. */
export async function servedDirectory({ onQuery }: Pick<DatabaseOptions, 'onQuery'> = {}) {
  const { db, sql } = await testDatabase({
    ...(onQuery ? { onQuery } : {}),
    schema: 'directory',
    entities: directory.database.entities,
    migrations: migrationsOf(directory),
  });
  const log = createLogger({ level: 'silent' });
  const sealer = createSealer(TEST_SECRET);
  const contract = loadContract();
  const clock = fakeClock();
  const around = aNeighbourhood();
  const servers = new Map<ServiceName, ReturnType<typeof createRpcServer>>();
  for (const app of ['auth', 'providers', 'tasks'] as const) {
    servers.set(app, createRpcServer({ services: around.services[app], sealer, log, contract }));
  }
  const clientOf = <Definition extends ServiceDefinition>(definition: Definition, app = ownerOf(definition)) =>
    lazyClient(definition, () => required(servers.get(app)), sealer);
  const bus = createLocalBus();
  const messaging = createMessaging({ ...messagingOn(db), bus, clock });
  const parts = await directory.build({
    name: 'directory',
    config: { bootstrapEmail: 'boss@example.com', tenants: { apiKey: new Secret(OPERATORS_KEY) } },
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
    client: clientOf,
    database: db,
    messaging,
  });
  const objects = createObjectRights({ db, local: required(parts.local) });
  servers.set('directory', createRpcServer({ services: parts.services ?? [], sealer, log, contract, objects }));
  const holdings = clientOf(api.PermissionDirectoryServiceDefinition);
  const consumers = [...(parts.consumers ?? []), rememberGrants({ app: 'directory', holdings })];

  const { as, anonymous } = callersOf(sealer);

  /** Lets a fact of another service arrive. */
  async function hear(fact: Partial<events.Envelope>, tenant: string): Promise<void> {
    const envelope = events.Envelope.fromPartial({ id: tenant, tenant, ...fact });
    for (const { handlers } of consumers) {
      const wanted = handlers.filter(({ filter }) => matchesSubject(filter, envelope.subject));
      for (const { handle } of wanted) await db.write({ tenant }, (em) => handle(envelope, em));
    }
  }

  /** Facts of a tenant, in the order of their recording: subject, and payload as bytes. */
  async function facts(tenant: string): Promise<events.Envelope[]> {
    const rows = await sql<{ envelope: Buffer }>('select envelope from outbox where tenant_id = $1 order by seq', [
      tenant,
    ]);
    return rows.map(({ envelope }) => events.Envelope.decode(envelope));
  }

  /** Lets everything that was recorded so far arrive. */
  async function settle(tenant: string): Promise<void> {
    for (const fact of await facts(tenant)) await hear(fact, tenant);
  }

  return {
    db,
    sql,
    clock,
    around,
    as,
    anonymous,
    hear,
    settle,
    facts,
    subjects: async (tenant: string) => (await facts(tenant)).map(({ subject }) => subject),
    seed: async (tenant: string) => {
      await db.write({ tenant }, (em: EntityManager) => required(parts.seed)(tenant, em));
    },
    tenant: () => aTenant().tenant,
    service: asService,
    ...clientsOf(clientOf),
    jobs: parts.jobs ?? [],
  };
}

/** Everything that the directory serves. */
const clientsOf = (clientOf: <D extends ServiceDefinition>(definition: D, app?: ServiceName) => Client<D>) => ({
  users: clientOf(api.UserServiceDefinition),
  serviceAccounts: clientOf(api.ServiceAccountServiceDefinition),
  groups: clientOf(api.GroupServiceDefinition),
  groupDirectory: clientOf(api.GroupDirectoryServiceDefinition),
  roles: clientOf(api.RoleServiceDefinition),
  licences: clientOf(api.LicenseServiceDefinition),
  permissions: {
    ...clientOf(api.PermissionServiceDefinition),
    ...clientOf(api.PermissionAssignmentServiceDefinition),
    ...clientOf(api.PermissionHolderServiceDefinition),
  },
  brands: clientOf(api.BrandServiceDefinition),
  emailAddresses: clientOf(api.EmailAddressServiceDefinition),
  socialAccounts: clientOf(api.SocialAccountServiceDefinition),
  imports: clientOf(api.DirectoryImportServiceDefinition),
  exports: clientOf(api.DirectoryExportServiceDefinition),
  offBoarding: clientOf(api.OffBoardingServiceDefinition),
  tenants: clientOf(api.TenantServiceDefinition),
  registry: clientOf(api.TenantRegistryServiceDefinition),
  domains: clientOf(api.DomainServiceDefinition),
  configuration: clientOf(api.ConfigServiceDefinition),
  hosts: clientOf(api.HostServiceDefinition),
  settings: clientOf(api.SettingsServiceDefinition),
  tenantSettings: clientOf(api.TenantSettingsServiceDefinition),
  administrators: clientOf(api.AdministratorServiceDefinition),
  people: clientOf(api.UserDirectoryServiceDefinition),
  references: clientOf(references.ReferenceServiceDefinition, 'directory'),
});

/** People, as calls come from them. */
function callersOf(sealer: Sealer) {
  /** Calls as somebody of a tenant. */
  function as(
    tenant: string,
    { permissions, roles, pk = 1, host = 'id.example.com', query = '', impersonator }: Caller = {},
  ): Origin {
    const user = { pk, uuid: tenant, username: 'caller', name: 'Caller', email: '', type: 'internal' as const };
    const superuser = permissions === undefined;
    const session = 'session-of-the-caller';
    const rights = { superuser, permissions: permissions ?? [], roles, via: 'session' as const, session, impersonator };
    return {
      context: {
        principal: sealer.sealPrincipal({ kind: 'user', tenant, user, ...rights }),
        client: sealer.sealClient({ ...noClient(tenant, 'request'), host, path: '/api/v3/', query, method: 'POST' }),
      },
    };
  }

  /** Calls as nobody, from a host. */
  const anonymous = (tenant: string, host = 'id.example.com'): Origin => ({
    context: {
      principal: sealer.sealPrincipal({ kind: 'anonymous', tenant }),
      client: sealer.sealClient({ ...noClient(tenant, 'request'), host }),
    },
  });

  return { as, anonymous };
}

/** A directory that is served. */
export type ServedDirectory = Awaited<ReturnType<typeof servedDirectory>>;

/** Apps call each other in circles: the server is looked up when the call is made. */
function lazyClient<Definition extends ServiceDefinition>(
  definition: Definition,
  serverOf: () => ReturnType<typeof createRpcServer>,
  sealer: Sealer,
): Client<Definition> {
  const channel = {
    unary: (...call: Parameters<ReturnType<ReturnType<typeof serverOf>['channel']>['unary']>) =>
      serverOf()
        .channel()
        .unary(...call),
    close: () => undefined,
  };
  return createClient(definition, channel, { sealer, service: 'directory' });
}

function ownerOf({ fullName }: ServiceDefinition): ServiceName {
  const owner = (['auth', 'directory', 'providers', 'tasks'] as const).find((app) => fullName.includes(`.${app}.`));
  return required(owner);
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a test needs this');
  return value;
}
