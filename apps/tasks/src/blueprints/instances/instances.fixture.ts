/** Instances as tests run them: their real table and service, a folder of their own, and an engine that does what a blueprint is called. */

import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createReferences } from '@postern/database';
import { createEgress } from '@postern/egress';
import { createJobs } from '@postern/jobs';
import { createOutbox } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { tasks as api } from '@postern/proto';
import { createClient, createRpcServer, createSealer, noClient, type UserPrincipal } from '@postern/rpc';
import { migrationsOf } from '@postern/service';
import { aTenant, fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterAll } from 'vitest';
import { DEFAULT_LIMITS } from '../format/index.ts';
import { createCatalog, createFolder, createOciClient, createSources } from '../sources/index.ts';
import type { ApplyPort } from './application.port.ts';
import { createApplyOnRequest } from './apply.on-request.ts';
import { createInstanceApplication } from './instance.application.ts';
import { createChecks } from './instance.checks.ts';
import { Instance } from './instance.entity.ts';
import { INSTANCE_MIGRATIONS } from './instance.migrations.ts';
import { referableInstances } from './instance.resource.ts';
import { bindInstances } from './instance.rpc.ts';

/** What the engine was asked for. */
export type Applied = { tenant: string; name: string; context: object; dryRun: boolean };

/** Starts them for one test file. */
export async function servedInstances() {
  const database = { entities: [Instance], migrations: INSTANCE_MIGRATIONS };
  const { db, sql } = await testDatabase({
    schema: 'tasks',
    entities: [Instance],
    migrations: migrationsOf({ name: 'tasks', database }),
  });
  const root = mkdtempSync(join(tmpdir(), 'postern-instances-'));
  const egress = createEgress({ allow: [] });
  const log = createLogger({ level: 'silent' });
  const clock = fakeClock();
  const sealer = createSealer(TEST_SECRET);
  const folder = createFolder({ root, maxBytes: 1024 ** 2, refusal: 'Invalid blueprint path' });
  const catalog = createCatalog(folder);
  const applied: Applied[] = [];

  const apply = anEngine(applied);
  const sources = createSources({ folder, oci: createOciClient({ egress, maxBytes: 1024 }) });
  const limits = DEFAULT_LIMITS;
  const application = createInstanceApplication({ db, sources, apply, limits, clock, log });
  const nobody = { require: async () => undefined, usedBy: async () => [], describe: async () => new Map() };
  const outbox = createOutbox({ schema: 'tasks' });
  const service = bindInstances({
    db,
    outbox,
    neighbours: nobody,
    local: createReferences({ models: [referableInstances], fields: [] }),
    clock,
    checks: createChecks({ catalog, apply, limits, patienceMs: 100 }),
    catalog,
    apply: createApplyOnRequest({ db, jobs: createJobs({ outbox }), application, log }),
  });
  const server = createRpcServer({ services: [service], sealer, log });
  const client = createClient(api.BlueprintServiceDefinition, server.channel(), { sealer, service: 'tasks' });

  afterAll(async () => {
    await egress.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Calls as somebody of a tenant; a superuser unless permissions are given. */
  function as(tenant: string, permissions?: readonly string[]) {
    const user = { pk: 7, uuid: randomUUID(), username: 'ada', name: 'Ada', email: '', type: 'internal' } as const;
    const superuser = permissions === undefined;
    const all = (permissions ?? []).map((verb) => `authentik_blueprints.${verb}_blueprintinstance`);
    const principal: UserPrincipal = {
      kind: 'user',
      tenant,
      user,
      superuser,
      permissions: all,
      via: 'api_token',
    };
    const context = { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(noClient(tenant, 'r')) };
    return { context };
  }

  /** Puts a file into the folder. */
  function put(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  return {
    db,
    sql,
    outbox,
    client,
    as,
    put,
    root,
    folder,
    catalog,
    clock,
    application,
    applied,
    log,
    tenant: () => aTenant().tenant,
  };
}

/**
 * An engine that remembers what it was asked for. It refuses blueprints called "broken", breaks over those called "breaking", and works on those called
 * "endless" until it is stopped.
 */
function anEngine(applied: Applied[]): ApplyPort {
  return async (tenant, { metadata }, context, { dryRun = false, signal } = {}) => {
    const name = metadata?.name ?? '';
    applied.push({ tenant, name, context, dryRun });
    if (name === 'breaking') throw new Error('a service is away');
    if (name === 'endless' && signal)
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    if (name !== 'broken') return { status: 'successful', logs: [{ level: 'info', message: 'done' }] };
    const fault = { message: 'This field is required.', entry: 0, field: 'attrs.name', line: 4 };
    return {
      status: 'error',
      logs: [
        { level: 'info', message: 'begun' },
        { level: 'error', ...fault },
      ],
    };
  };
}

/** A blueprint with this name. */
export function aBlueprint(name: string, labels: Record<string, string> = {}): string {
  return `version: 1\nmetadata:\n  name: ${name}\n  labels: ${JSON.stringify(labels)}\nentries: []\n`;
}
