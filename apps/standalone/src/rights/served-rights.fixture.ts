/** All services with data in one process, and callers of every sort in front of them. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auth } from '@postern/auth';
import { DEFAULT_TENANT } from '@postern/database';
import { directory } from '@postern/directory';
import { PosternError } from '@postern/errors';
import { createLogger } from '@postern/observability';
import type { Operation } from '@postern/proto';
import * as protos from '@postern/proto';
import { providers } from '@postern/providers';
import {
  createSealer,
  noClient,
  type Origin,
  type ServiceDefinition,
  type ServiceName,
  type UserPrincipal,
} from '@postern/rpc';
import { type RunningProcess, startProcess } from '@postern/service';
import { tasks } from '@postern/tasks';
import { TEST_SECRET } from '@postern/testkit';
import { afterAll } from 'vitest';
import { FRUGAL, houseDatabase } from '../house.fixture.ts';

/** What somebody may do who calls. */
export type Standing = Pick<UserPrincipal, 'superuser' | 'permissions'> & {
  readonly pk?: number;
  readonly roles?: readonly string[];
  readonly tenant?: string;
  /** Default: a browser session. */
  readonly via?: UserPrincipal['via'];
};

/** How a call went: `OK`, or the code of the refusal. */
export type Outcome = { readonly code: string; readonly answer?: unknown; readonly error?: PosternError };

/** Starts the services for one test file, without blueprints: nothing runs beside what the test does. */
export async function servedRights() {
  const { url, sql } = await houseDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'postern-rights-'));
  const env = {
    ...FRUGAL,
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_DATABASE__URL: url,
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    POSTERN_BLUEPRINTS__DIR: folder,
  };
  const log = createLogger({ level: process.env.LOUD ? 'debug' : 'silent' });
  const running = await startProcess({ manifests: [directory, auth, providers, tasks], env, log });
  afterAll(async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { running, sql, tenant: DEFAULT_TENANT, call: callsOf(running), ...callers() };
}

/** Services in front of which callers stand. */
export type ServedRights = Awaited<ReturnType<typeof servedRights>>;

function callers() {
  const sealer = createSealer(TEST_SECRET);
  const clientOf = (tenant: string) => sealer.sealClient({ ...noClient(tenant, 'rights'), host: 'id.example.com' });
  return {
    /** Somebody, as the login service would seal them. */
    as({ superuser, permissions, pk = 4_711, roles = [], tenant = DEFAULT_TENANT, via = 'session' }: Standing): Origin {
      const user = { pk, uuid: randomUUID(), username: `user-${pk}`, name: '', email: '', type: 'internal' as const };
      const how = via === 'session' ? { via, session: `session-of-${pk}` } : { via };
      const principal = { kind: 'user' as const, tenant, user, superuser, permissions, roles, ...how };
      return { context: { principal: sealer.sealPrincipal(principal), client: clientOf(tenant) } };
    },
    nobody: (tenant = DEFAULT_TENANT): Origin => ({
      context: { principal: sealer.sealPrincipal({ kind: 'anonymous', tenant }), client: clientOf(tenant) },
    }),
  };
}

const APPS: readonly ServiceName[] = ['auth', 'directory', 'providers', 'tasks'];

/** Who serves what is declared elsewhere, or by every app. */
const SERVED_BY: Readonly<Record<string, ServiceName>> = {
  FlowCompletionService: 'providers',
  JobProgressService: 'tasks',
  ScheduleService: 'tasks',
};

/** Calls any operation, by what its proto says. */
function callsOf(running: RunningProcess) {
  const definitions = new Map(
    Object.values(protos)
      .flatMap((one) => Object.values(Object(one)))
      .filter((one): one is ServiceDefinition => typeof Object(one).fullName === 'string')
      .map((definition) => [definition.fullName, definition] as const),
  );
  return async ({ service, method }: Operation, request: object, origin: Origin): Promise<Outcome> => {
    const definition = definitions.get(service.typeName);
    if (!definition) throw new Error(`no ${service.typeName}`);
    const own = SERVED_BY[service.name] ?? APPS.find((app) => service.typeName.startsWith(`postern.${app}.`));
    const client: Readonly<Record<string, (request: object, origin: Origin) => Promise<unknown>>> = running.client(
      definition,
      own ?? 'auth',
    );
    const invoke = client[method.name.charAt(0).toLowerCase() + method.name.slice(1)];
    if (!invoke) throw new Error(`no ${method.name}`);
    try {
      return { code: 'OK', answer: await invoke(request, origin) };
    } catch (error) {
      if (!(error instanceof PosternError)) throw error;
      return { code: error.code, error };
    }
  };
}
