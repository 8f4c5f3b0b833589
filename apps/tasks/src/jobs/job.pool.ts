import { createListener } from '@postern/messaging';
import type { Logger } from '@postern/observability';
import pg from 'pg';

/** Statements of the job queue, each a transaction of its own, on connections apart from those of the app's other work. */
export type JobPool = {
  /** Runs a statement; `$1` marks a parameter. A name lets the server keep its plan. */
  rows<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
  /** Listens to a channel; called with an empty payload after each (re)connect. */
  listen(channel: string, onNotify: (payload: string) => void): { close(): Promise<void> };
  close(): Promise<void>;
};

export type JobPoolDeps = {
  /** Address with the serving role's credentials. */
  url: string;
  log: Logger;
  /** Told about every statement. */
  onStatement?: (text: string) => void;
};

/**
 * The order of an index, row by row: a backlog grows faster than the server learns how large it is, and a plan made for a small table sorts all of it for
 * each batch.
 */
const PLANS = ['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin']
  .map((method) => `set enable_${method} = off`)
  .join('; ');

/** Fetching and settling go on at the same time; one is left for what is asked beside them. */
const CONNECTIONS = 3;

/** Creates the pool. Nothing is connected before the first statement; idle connections are closed after ten seconds. */
export function createJobPool({ url, log, onStatement }: JobPoolDeps): JobPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    application_name: 'postern tasks jobs',
    connectionTimeoutMillis: 5_000,
    onConnect: async (client) => {
      await client.query(PLANS);
    },
  });
  pool.on('error', (error) => log.warn({ err: error }, 'a connection of the job queue is lost'));
  return {
    async rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = [], name?: string) {
      onStatement?.(text);
      const { rows } = await pool.query<Row>({ text, values: [...values], ...(name ? { name } : {}) });
      return rows;
    },
    listen: (channel, onNotify) =>
      createListener({
        connection: { connectionString: url, application_name: 'postern tasks jobs listener' },
        channel,
        onNotify,
        logger: log,
      }),
    close: () => pool.end(),
  };
}
