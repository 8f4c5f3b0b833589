import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@postern/config';
import { createLogger } from '@postern/observability';
import { startStandalone } from '@postern/standalone';
import { copyInstallation, type Roles, type RolesOptions, startRoles } from '@postern/testkit';
import { inject } from 'vitest';
import { apiOf } from './api.client.ts';
import { ADMIN_TOKEN, BOOTSTRAP } from './bootstrap.ts';
import { untilKnown, untilProvisioned } from './until.ts';

export { ADMIN_PASSWORD, ADMIN_TOKEN, BOOTSTRAP } from './bootstrap.ts';
export { untilKnown, untilProvisioned } from './until.ts';

/** An installation under test, as its users see it. */
export type Platform = {
  /** Origin of the gateway, without a slash at its end. */
  readonly url: string;
  /** Address of its database, as a superuser. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
};

/** A way of running the platform. `start` has it go on with what every installation starts with: see `prepared.setup.ts`. */
export type PlatformKind = { readonly name: string; start(env?: Environment): Promise<Platform> };

/** Everything in one process, with an embedded PostgreSQL and without a broker. */
export const oneProcess: PlatformKind = {
  name: 'one process',
  start: (env) => startOneProcess(env, inject('prepared')),
};

/** The same, started for the first time: nothing in it is the copy of anything. */
export const newInstallation: PlatformKind = { name: 'one new process', start: (env) => startOneProcess(env) };

async function startOneProcess(env = BOOTSTRAP, from?: string): Promise<Platform> {
  await using closing = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'postern-test-'));
  closing.defer(() => rm(home, { recursive: true, force: true }));
  // The server may run as another user than the tests.
  await chmod(home, 0o711);
  if (from) await copyInstallation(from, home);
  const log = createLogger({ level: 'warn' });
  const standalone = await startStandalone({ dataDir: home, env, log, durable: false });
  closing.defer(() => standalone.stop());
  const open = closing.move();
  return { url: standalone.url, databaseUrl: standalone.databaseUrl, stop: () => open.disposeAsync() };
}

/** Five processes over gRPC and NATS, started for the first time. */
export const fiveProcesses: PlatformKind = {
  name: 'five processes',
  async start(env = BOOTSTRAP) {
    const roles = await startFiveProcesses({ env, from: undefined });
    await untilProvisioned(apiOf({ url: roles.url, token: ADMIN_TOKEN }));
    return roles;
  },
};

/** The same to kill, to multiply and to ask by gRPC, going on with what every installation starts with. */
export async function startFiveProcesses(options: RolesOptions = {}): Promise<Roles> {
  const roles = await startRoles({ env: BOOTSTRAP, from: inject('prepared'), ...options });
  await untilKnown(roles.url);
  return roles;
}
