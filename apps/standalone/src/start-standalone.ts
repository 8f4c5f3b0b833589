import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Environment } from '@postern/config';
import type { Logger } from '@postern/observability';
import { startProcess } from '@postern/service';
import { prepare } from './prepare.ts';
import { untilSetUp } from './set-up.ts';

/** How to start everything from a test. */
export type StandaloneOptions = {
  /** Folder of database and secret key. */
  dataDir: string;
  /** Port of HTTP on 127.0.0.1. Default 0: one that is free. */
  port?: number;
  /** Further settings, such as `POSTERN_BOOTSTRAP_TOKEN`. Those of this process do not count. */
  env?: Environment;
  log?: Logger;
  /** False trades the data's safety for speed. Default true. */
  durable?: boolean;
};

/** Everything, running in this process. */
export type Standalone = {
  /** Origin of the gateway, without a slash at its end. */
  readonly url: string;
  /** Address of the database, as the role that owns the schemas. A secret. */
  readonly databaseUrl: string;
  /** Drains, then stops the embedded PostgreSQL. Safe to call twice. */
  stop(): Promise<void>;
};

/** Starts the platform in this process. Resolves when it serves and its administrator is known; rejects with nothing left open. */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const port = options.port || (await freePort());
  const env = {
    POSTERN_DATA_DIR: options.dataDir,
    POSTERN_LISTEN__HTTP: `127.0.0.1:${port}`,
    POSTERN_LISTEN__HTTPS: 'off',
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    ...options.env,
  };
  await using closing = new AsyncDisposableStack();
  const { durable = true, log } = options;
  const prepared = await prepare({ env, log, postgres: { durable } });
  closing.defer(() => prepared.close());
  const running = await startProcess(prepared.options);
  closing.defer(() => running.stop());
  await untilSetUp(running);
  const open = closing.move();
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl: prepared.options.env.POSTERN_DATABASE__URL ?? '',
    stop: () => open.disposeAsync(),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}
