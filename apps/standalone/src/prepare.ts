import { join, resolve } from 'node:path';
import { type ConfigSchema, defineConfig, type Environment, loadConfig, secret } from '@postern/config';
import { createLogger, type Logger } from '@postern/observability';
import { startPostgres } from '@postern/postgres';
import { type ProcessOptions, serviceSettings } from '@postern/service';
import { withInbox } from './development.ts';
import { loadAll } from './roles.ts';
import { keptSecretKey } from './secret-key.ts';
import { standaloneSettings } from './standalone.settings.ts';

/** What to prepare from. */
export type PrepareOptions = {
  env: Environment;
  /** Where to report. Default: standard output, at the level of the settings. */
  log?: Logger;
  /** Further settings of the embedded PostgreSQL; for tests. */
  postgres?: { durable?: boolean };
};

/** What a standalone process runs with. */
export type Prepared = {
  options: ProcessOptions & { env: Environment; log: Logger };
  /** Stops the embedded PostgreSQL, if there is one. Safe to call twice. */
  close(): Promise<void>;
};

/** The key may be missing here, where it is made; everywhere else it is required. */
const keySettings = defineConfig({ secretKey: secret('Root of every key that Postern derives.') });

/** PostgreSQL beside four services and their pools, on a small box. */
const SMALL = { shared_buffers: '64MB', max_connections: '100' };

/**
 * Makes sure of what a standalone process needs and its settings do not name: a secret key and a database, both in the data folder.
 * Rejects with a text that names the cause; nothing is left open then.
 */
export async function prepare({ env, log, postgres }: PrepareOptions): Promise<Prepared> {
  const manifests = await loadAll();
  const known: ConfigSchema[] = [
    serviceSettings,
    standaloneSettings,
    keySettings,
    ...manifests.map(({ settings }) => settings),
  ];
  const dataDir = resolve(loadConfig(standaloneSettings, { env, known }).dataDir);
  const { secretKey } = loadConfig(keySettings, { env, known });
  const seen = withInbox(env, known);
  const keyed = secretKey ? seen : { ...seen, POSTERN_SECRET_KEY: await keptSecretKey(dataDir) };
  const { database, logLevel } = loadConfig(serviceSettings, { env: keyed, known });
  const logger = log ?? createLogger({ level: logLevel === 'warning' ? 'warn' : logLevel });
  const options = { manifests, settings: [standaloneSettings], log: logger };
  if (database.url) return { options: { ...options, env: keyed }, close: async () => undefined };
  const server = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    database: 'postern',
    settings: SMALL,
    log: logger,
    ...postgres,
  });
  return {
    options: { ...options, env: { ...keyed, POSTERN_DATABASE__URL: server.url } },
    close: () => server.stop(),
  };
}
