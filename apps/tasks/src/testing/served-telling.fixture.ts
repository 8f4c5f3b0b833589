/** What tells people of events, as tests run it: real tables, real jobs taken from the outbox, a real way out, its neighbours in the same process. */

import { randomUUID } from 'node:crypto';
import { loadConfig } from '@postern/config';
import { createReferences, type Database, type EntityManager } from '@postern/database';
import { createEgress } from '@postern/egress';
import { createExpressions } from '@postern/expressions';
import { JOB_REQUESTED } from '@postern/jobs';
import { createOutbox } from '@postern/messaging';
import { createLogger, type Logger } from '@postern/observability';
import { tasks as api, events, referenceFields, references } from '@postern/proto';
import { bindReferences, createNeighbours } from '@postern/resource';
import {
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
import { afterAll } from 'vitest';
import { tasks } from '../app.ts';
import { Event, ensureMonths, eventReferable } from '../events/index.ts';
import { emailSettings } from '../mail/index.ts';
import { createTelling, TELLING, type TellingParts } from '../telling.app.ts';
import { type Around, aUser, authOf, createAround, directoryOf, referencesOf } from './around-telling.fixture.ts';

/** How a job went. */
export type JobOutcome = {
  name: string;
  status?: string;
  error?: string;
  isFinal?: boolean;
  messages: string[];
};

type Given = { email?: Partial<ReturnType<typeof settings>>; allow?: readonly string[] };

const settings = () => loadConfig(emailSettings, { env: {} });

/** Starts it for one test file. */
export async function servedTelling({ email = {}, allow = ['127.0.0.0/8', '::1'] }: Given = {}) {
  const { entities } = tasks.database;
  const { db, sql } = await testDatabase({ schema: 'tasks', entities, migrations: migrationsOf(tasks) });
  const clock = fakeClock(new Date());
  await ensureMonths({ db, clock });
  const log = createLogger({ level: 'silent' });
  const sealer = createSealer(TEST_SECRET);
  const contract = loadContract();
  const around = createAround();
  const outbox = createOutbox({ schema: 'tasks' });
  const servers = new Map<ServiceName, ReturnType<typeof createRpcServer>>();
  const clientOf = <Definition extends ServiceDefinition>(definition: Definition, app = appOf(definition)) =>
    createClient(
      definition,
      {
        unary: (...call) =>
          required(servers.get(app))
            .channel()
            .unary(...call),
        close: () => undefined,
      },
      { sealer, service: 'tasks' },
    );
  const local = createReferences({
    models: [eventReferable, ...TELLING.models],
    fields: referenceFields(contract.registry),
  });
  const neighbours = createNeighbours({
    clientOf: (app) => clientOf(references.ReferenceServiceDefinition, app),
    contract,
  });
  const egress = createEgress({ allow });
  const expressions = createExpressions({ log, settings: { interpreters: 1, spare: 0 } });
  const parts = createTelling({
    db,
    outbox,
    neighbours,
    local,
    egress,
    client: clientOf,
    clock,
    log,
    expressions,
    secrets: [TEST_SECRET],
    config: { email: { ...settings(), timeout: 1_000, ...email } },
  });
  afterAll(async () => {
    await parts.stop?.();
    await expressions.close();
    await egress.close();
  });
  const serve = (app: ServiceName, services: Parameters<typeof createRpcServer>[0]['services']) =>
    servers.set(app, createRpcServer({ services, sealer, log, contract }));
  serve('tasks', [...(parts.services ?? []), bindReferences({ db, local })]);
  serve('directory', directoryOf(around));
  serve('auth', authOf(around));
  serve('providers', [referencesOf(() => false)]);

  /** Facts in the outbox of a tenant, the oldest first. */
  async function facts(tenant: string): Promise<events.Envelope[]> {
    const rows = await sql<{ envelope: Buffer }>('select envelope from outbox where tenant_id = $1 order by seq', [
      tenant,
    ]);
    return rows.map(({ envelope }) => events.Envelope.decode(envelope));
  }

  const { run, work, forget } = workersOf(parts, facts, log);

  return {
    db,
    sql,
    clock,
    around,
    as: callerOf(sealer),
    facts,
    local,
    run,
    work,
    forget,
    ...recorderOf({ db, clock, parts }),
    parts,
    tenant: () => aTenant().tenant,
    user: (given?: Parameters<typeof aUser>[1]) => aUser(around, given),
    ...clientsOf(clientOf),
  };
}

type ClientOf = <Definition extends ServiceDefinition>(definition: Definition, app?: ServiceName) => Client<Definition>;

function clientsOf(clientOf: ClientOf) {
  return {
    transports: clientOf(api.NotificationTransportServiceDefinition),
    rules: clientOf(api.NotificationRuleServiceDefinition),
    notifications: clientOf(api.NotificationServiceDefinition),
    mappings: clientOf(api.NotificationWebhookMappingServiceDefinition),
    mail: clientOf(api.MailServiceDefinition),
    inbox: clientOf(api.MailInboxServiceDefinition),
  };
}

/** Calls as somebody of a tenant; a superuser unless permissions are given. */
function callerOf(sealer: Sealer) {
  return (tenant: string, { permissions, pk = 7 }: { permissions?: string[]; pk?: number } = {}): Origin => {
    const user = { pk, uuid: randomUUID(), username: 'ada', name: 'Ada', email: 'a@b.c', type: 'internal' } as const;
    const rights = { superuser: permissions === undefined, permissions: permissions ?? [], via: 'api_token' } as const;
    const principal = sealer.sealPrincipal({ kind: 'user', tenant, user, ...rights });
    return { context: { principal, client: sealer.sealClient(noClient(tenant, 'r')) } };
  };
}

type Recorder = { db: Database; clock: { now(): Date }; parts: Pick<TellingParts, 'onStored'> };

function recorderOf({ db, clock, parts }: Recorder) {
  /** Stores an event the way the audit log does, and has it judged. */
  async function store(em: EntityManager, given: GivenEvent = {}): Promise<string> {
    const now = clock.now();
    const event = em.create(Event, {
      created: now,
      expires: now,
      action: given.action ?? 'login',
      app: 'test',
      user: { pk: 10, username: 'akadmin', email: 'root@example.com', ...given.user },
      context: { ...given.context },
      brand: {},
    });
    await em.flush();
    await parts.onStored(event, em);
    return event.pk;
  }
  const record = (tenant: string, given: GivenEvent = {}) => db.write({ tenant }, (em) => store(em, given));
  return { store, record };
}

type GivenEvent = Partial<{ action: string; context: object; user: object }>;

type Facts = (tenant: string) => Promise<events.Envelope[]>;

/** Does jobs without a queue: those of the outbox, in their order. */
function workersOf({ jobs = [] }: Pick<TellingParts, 'jobs'>, facts: Facts, log: Logger) {
  const done = new Set<string>();

  /** Runs one job. Answers how it went. */
  async function run(tenant: string, name: string, args: object, id: string = randomUUID()): Promise<JobOutcome> {
    const handler = required(jobs.find(({ definition }) => definition.name === name));
    const attempt = { tenant, id, attempt: 1, signal: AbortSignal.timeout(60_000), log, progress: () => undefined };
    return handler.run(args, attempt).then(
      ({ messages = [], status = 'successful' }) => ({ name, status, messages }),
      (error: Error) => ({ name, error: error.message, isFinal: error.name === 'FinalFailure', messages: [] }),
    );
  }

  /** Runs every job of a tenant that was asked for and has not run, and those that these ask for. Answers how each went. */
  async function work(tenant: string): Promise<JobOutcome[]> {
    const outcomes: JobOutcome[] = [];
    for (;;) {
      const asked = (await facts(tenant)).filter(
        ({ id, subject }) => subject === JOB_REQUESTED.subject && !done.has(id),
      );
      if (asked.length === 0) return outcomes;
      for (const { id, payload } of asked) {
        done.add(id);
        for (const order of JOB_REQUESTED.decode(payload).jobs)
          outcomes.push(await run(tenant, order.name, JSON.parse(order.args), order.id));
      }
    }
  }

  /** Loses the jobs of a tenant that were asked for and have not run. */
  async function forget(tenant: string): Promise<void> {
    for (const { id } of await facts(tenant)) done.add(id);
  }

  return { run, work, forget };
}

/** What tells people of events, served. */
export type ServedTelling = Awaited<ReturnType<typeof servedTelling>>;

/** Adds a group with these members. */
export function aGroup(around: Around, members: readonly number[]): string {
  const pk = randomUUID();
  around.groups.set(pk, [...members]);
  return pk;
}

function appOf({ fullName }: ServiceDefinition): ServiceName {
  return required((['auth', 'directory', 'providers', 'tasks'] as const).find((app) => fullName.includes(`.${app}.`)));
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a test needs this');
  return value;
}
