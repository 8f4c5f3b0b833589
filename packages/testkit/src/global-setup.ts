import { existsSync, globSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startPostgres } from '@postern/postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the PostgreSQL of this test run, as its superuser. */
    postgresUrl: string;
  }
}

const log = { info: () => undefined, warn: () => undefined };

/** Runs one throw-away PostgreSQL for all tests of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const home = await mkdtemp(join(tmpdir(), 'postern-test-'));
  // The server may run as another user than the tests.
  await chmod(home, 0o711);
  const settings = { max_connections: '300', shared_buffers: '64MB', max_wal_size: '4GB' };
  const server = await startPostgres({ dataDir: join(home, 'data'), durable: false, settings, log });
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
}

// A run that was killed leaves its server behind; one that is still at work holds the lock, and starting on it is refused.
async function sweep(): Promise<void> {
  for (const dataDir of globSync(join(tmpdir(), 'postern-test-*', 'data'))) {
    if (!existsSync(`${dataDir}.lock`)) continue;
    try {
      const server = await startPostgres({ dataDir, durable: false, log });
      await server.stop();
      await rm(dirname(dataDir), { recursive: true, force: true });
    } catch {}
  }
}
