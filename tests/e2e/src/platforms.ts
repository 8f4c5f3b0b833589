import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@postern/config';
import { createLogger } from '@postern/observability';
import { startStandalone } from '@postern/standalone';
import { startRoles } from '@postern/testkit';
import { type Api, apiOf, type Json, until } from './api.client.ts';

/** An installation under test, as its users see it. */
export type Platform = {
  /** Origin of the gateway, without a slash at its end. */
  readonly url: string;
  /** Address of its database, as a superuser. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
};

/** A way of running the platform. */
export type PlatformKind = { readonly name: string; start(env?: Environment): Promise<Platform> };

/** Password of the administrator of every installation under test. */
export const ADMIN_PASSWORD = 'correct horse battery staple';

/** API token of the administrator of every installation under test. */
export const ADMIN_TOKEN = randomBytes(24).toString('hex');

/** Settings of an installation that needs no set-up. */
export const BOOTSTRAP: Environment = {
  POSTERN_BOOTSTRAP_PASSWORD: ADMIN_PASSWORD,
  POSTERN_BOOTSTRAP_TOKEN: ADMIN_TOKEN,
  POSTERN_BOOTSTRAP_EMAIL: 'admin@example.com',
};

/** Everything in one process, with an embedded PostgreSQL and without a broker. */
export const oneProcess: PlatformKind = {
  name: 'one process',
  async start(env = BOOTSTRAP) {
    await using closing = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), 'postern-test-'));
    closing.defer(() => rm(home, { recursive: true, force: true }));
    // The server may run as another user than the tests.
    await chmod(home, 0o711);
    const log = createLogger({ level: 'warn' });
    const standalone = await startStandalone({ dataDir: home, env, log, durable: false });
    closing.defer(() => standalone.stop());
    const open = closing.move();
    return { url: standalone.url, databaseUrl: standalone.databaseUrl, stop: () => open.disposeAsync() };
  },
};

/** What a fresh installation starts with takes a while on a busy machine. */
const FIRST_START_MS = 60_000;

/** Waits until the administrator and their token have reached every service: on a first start, a moment after all are ready. */
export async function untilKnown(url: string): Promise<void> {
  const api = apiOf({ url, token: ADMIN_TOKEN });
  await until(
    () => api.send('GET', '/core/users/me/'),
    ({ status }) => status === 200,
    FIRST_START_MS,
  );
}

/** Waits until a tenant has what it starts with: services apart from each other make it while they serve already. */
export async function untilProvisioned(api: Api): Promise<void> {
  await until(
    () => api.send('GET', '/managed/blueprints/?page_size=100'),
    ({ status, body: { results } }) =>
      status === 200 && Array.isArray(results) && results.length > 0 && results.every(isApplied),
    FIRST_START_MS,
  );
}

function isApplied(instance: Json): boolean {
  return instance.status === 'successful';
}

/** Five processes over gRPC and NATS. */
export const fiveProcesses: PlatformKind = {
  name: 'five processes',
  async start(env = BOOTSTRAP) {
    const roles = await startRoles({ env });
    await untilKnown(roles.url);
    await untilProvisioned(apiOf({ url: roles.url, token: ADMIN_TOKEN }));
    return roles;
  },
};
