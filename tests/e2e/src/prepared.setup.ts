import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@postern/observability';
import { startStandalone } from '@postern/standalone';
import type { TestProject } from 'vitest/node';
import { apiOf } from './api.client.ts';
import { ADMIN_TOKEN, BOOTSTRAP } from './bootstrap.ts';
import { untilProvisioned } from './until.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of an installation that has made what every one starts with, and was stopped. To be copied, not to be started. */
    prepared: string;
  }
}

/** Starts an installation for the first time, once for all journeys: most of them go on with a copy of it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'postern-prepared-'));
  // The server may run as another user than the tests.
  await chmod(home, 0o711);
  const standalone = await startStandalone({
    dataDir: home,
    env: BOOTSTRAP,
    log: createLogger({ level: 'warn' }),
    durable: false,
  });
  await untilProvisioned(apiOf({ url: standalone.url, token: ADMIN_TOKEN }));
  await standalone.stop();
  project.provide('prepared', home);
  return () => rm(home, { recursive: true, force: true });
}
