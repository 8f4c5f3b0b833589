import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostgresOptions, startPostgres } from '@postern/postgres';

/** A PostgreSQL that a test may kill. */
export type PostgresProcess = {
  /** Address, as its superuser; the same over restarts. */
  readonly url: string;
  /** Ends it at once, as a crash does (SIGKILL of the postmaster; its children follow). What was committed stays. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and files. Resolves when it has recovered and takes connections. */
  restart(): Promise<void>;
  /** Ends it. */
  stop(): Promise<void>;
};

/**
 * Starts a PostgreSQL without the safety that only a crash of the machine asks for. A commit still reaches the system before it is answered, so
 * that a killed server loses nothing.
 */
export async function startPostgresProcess(options: Omit<PostgresOptions, 'durable'>): Promise<PostgresProcess> {
  const settings = { synchronous_commit: 'on', full_page_writes: 'on', ...options.settings };
  const careless = { ...options, settings, durable: false };
  let server = await startPostgres(careless);
  const { url, port } = server;
  return {
    url,
    async kill() {
      const [pid] = (await readFile(join(options.dataDir, 'postmaster.pid'), 'utf8')).split('\n');
      process.kill(Number(pid), 'SIGKILL');
      // Lets go of the folder; there is nothing left to stop.
      await server.stop();
    },
    async restart() {
      server = await startPostgres({ ...careless, port });
    },
    stop: () => server.stop(),
  };
}
