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
import { TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterAll } from 'vitest';

/** Starts the services for one test file. Nothing is found in their folder of blueprints, unless it is that of the installation. */
export async function servedBlueprints({ bundled = false } = {}) {
  const { url, sql } = await testDatabase({ schema: 'public', entities: [], migrations: [] });
  const folder = await mkdtemp(join(tmpdir(), 'postern-blueprints-'));
  const env = {
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

  /** Facts that the outboxes of all services hold, relayed or not, by subject. */
  async function told(): Promise<string[]> {
    const schemas = ['directory', 'auth', 'providers', 'tasks'];
    const parts = schemas.map((schema) => `select subject, event_id from ${schema}.outbox`);
    const rows = await sql<{ subject: string }>(`${parts.join(' union all ')} order by event_id`);
    return rows.map(({ subject }) => subject);
  }

  return { apply, told, sql, me, running, folder, ...clientsOf(running) };
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
