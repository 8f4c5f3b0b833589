import type { Pool, PoolClient } from 'pg';

const BEGIN = /^(?:begin|start transaction)\b[^;]*$/i;
const BEGUN = { command: 'BEGIN', rowCount: null, rows: [] };

/**
 * Sends the begin of a transaction in one message with the statement after it. The mapper sends four messages for a transaction that
 * reads once, and each costs a trip to the server; the first two (begin, and whose rows it sees) say one thing.
 */
export function joinBegins(pool: Pool): void {
  const begins = new WeakMap<PoolClient, string>();
  // A begin that nothing followed began nothing, least of all for the next who gets the connection.
  pool.on('release', (_error, client) => begins.delete(client));
  pool.on('connect', (client) => {
    const { query } = client;
    const send = (...args: unknown[]): unknown => Reflect.apply(query, client, args);
    const join = (...args: unknown[]): unknown => {
      const [text, values, ...rest] = args;
      // A message of several statements has no parameters; the mapper writes its values into the text.
      const isPlain = typeof text === 'string' && isEmpty(values) && rest.length === 0;
      if (isPlain && !begins.has(client) && BEGIN.test(text)) {
        begins.set(client, text);
        return Promise.resolve(BEGUN);
      }
      const first = begins.get(client);
      begins.delete(client);
      if (first === undefined) return send(...args);
      if (isPlain) return lastOf(send(`${first}; ${text}`));
      // The driver keeps the order: what follows waits for the begin, and fails with it.
      Promise.resolve(send(first)).catch(() => undefined);
      return send(...args);
    };
    Object.defineProperty(client, 'query', { value: join, configurable: true, writable: true });
  });
}

function isEmpty(values: unknown): boolean {
  return values === undefined || (Array.isArray(values) && values.length === 0);
}

/** The answer to the statement itself: a message of several has one for each. */
async function lastOf(answer: unknown): Promise<unknown> {
  const results = await answer;
  return Array.isArray(results) ? results.at(-1) : results;
}
