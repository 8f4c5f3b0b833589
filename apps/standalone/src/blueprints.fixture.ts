/** The four services with data in one process, without an edge: what applying blueprints works on. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auth } from '@postern/auth';
import { DEFAULT_TENANT } from '@postern/database';
import { directory } from '@postern/directory';
import { createLogger } from '@postern/observability';
import {
  auth as authApi,
  directory as directoryApi,
  providers as providersApi,
  tasks as tasksApi,
} from '@postern/proto';
import { providers } from '@postern/providers';
import { asService } from '@postern/rpc';
import { type RunningProcess, startProcess } from '@postern/service';
import { tasks } from '@postern/tasks';
import { TEST_SECRET } from '@postern/testkit';
import { afterAll } from 'vitest';
import { FRUGAL, houseDatabase } from './house.fixture.ts';

type Sql = Awaited<ReturnType<typeof houseDatabase>>['sql'];

/** Starts the services for one test file. Nothing is found in their folder of blueprints, unless it is that of the installation. */
export async function servedBlueprints({ bundled = false } = {}) {
  const { url, sql } = await houseDatabase({ bare: bundled });
  const folder = await mkdtemp(join(tmpdir(), 'postern-blueprints-'));
  const env = {
    ...FRUGAL,
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_DATABASE__URL: url,
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    ...(bundled ? {} : { POSTERN_BLUEPRINTS__DIR: folder }),
  };
  const log = createLogger({ level: process.env.LOUD ? 'debug' : 'silent' });
  const running = await startProcess({ manifests: [directory, auth, providers, tasks], env, log });
  afterAll(async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const me = asService(DEFAULT_TENANT);
  const applier = running.client(tasksApi.BlueprintApplierServiceDefinition);

  /** Applies a document to the tenant that every installation has. */
  const apply = (document: string, options: { dry_run?: boolean; context?: object } = {}) =>
    applier.applyDocument({ document, ...options }, me, { deadlineMs: 60_000 });

  const told = await everythingTold(sql);

  return { apply, told, sql, me, running, folder, ...clientsOf(running) };
}

/** What reads the subjects of all facts that the outboxes of the services ever held, told by now or not, in order. */
async function everythingTold(sql: Sql): Promise<() => Promise<string[]>> {
  await sql('create table public.told (seq bigint generated always as identity, subject text not null)');
  await sql('grant all on public.told to public');
  await sql(`create function public.note() returns trigger language plpgsql as
    $$ begin insert into public.told (subject) values (new.subject); return null; end $$`);
  for (const schema of ['directory', 'auth', 'providers', 'tasks'])
    await sql(`create trigger note after insert on ${schema}.outbox for each row execute function public.note()`);
  return async () => {
    const rows = await sql<{ subject: string }>('select subject from public.told order by seq');
    return rows.map(({ subject }) => subject);
  };
}

function clientsOf(running: RunningProcess) {
  return {
    users: running.client(directoryApi.UserServiceDefinition),
    groups: running.client(directoryApi.GroupServiceDefinition),
    flows: running.client(authApi.FlowInstanceServiceDefinition),
    tokens: running.client(authApi.TokenServiceDefinition),
    credentials: running.client(authApi.PrincipalServiceDefinition),
    bindings: running.client(authApi.PolicyBindingServiceDefinition),
    applications: running.client(providersApi.ApplicationServiceDefinition),
    oauth2: running.client(providersApi.OAuth2ProviderServiceDefinition),
    rules: running.client(tasksApi.NotificationRuleServiceDefinition),
  };
}
