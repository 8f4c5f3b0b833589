import type { Pool, PoolClient } from 'pg';

const BEGIN = /^(?:begin|start transaction)\b[^;]*$/i;
const READ_ONLY = /\bread only\b/i;
const SETTING = /^select set_config\([^;]*$/i;
const COMMIT = /^commit$/i;
/** Marks a statement that brings the commit of its transaction along. */
export const LAST = '/* last */';
const END = /^(?:commit|rollback)$/i;

/** How long the commit of a transaction that only read waits for a statement to travel with, in milliseconds. */
const COMMIT_WAIT_MS = 3;

/** What a connection has not said yet, and where its transaction stands. */
type Standing = {
  /** Says the commit of a transaction that only read, when no statement comes to say it; undefined where none is owed. */
  owed: NodeJS.Timeout | undefined;
  /** What begins the next transaction, and is not known to the server yet. */
  begun: string[];
  readsOnly: boolean;
  /** The last statement brought the commit along. */
  isCommitted: boolean;
};

/**
 * Sends a transaction in as few messages as it can. The mapper sends four for a transaction that reads once (begin, whose rows it sees,
 * the statement, commit), and each costs a trip to the server. Begin and setting wait for the statement and travel in its message; the commit
 * of a transaction that only read waits a moment for the next one of its connection, and that of one that writes travels with a statement that is
 * known to be the last. A transaction that says nothing is never sent.
 */
export function packTransactions(pool: Pool): OwedCommits {
  const standings = new WeakMap<PoolClient, Standing>();
  const senders = new WeakMap<PoolClient, (...args: unknown[]) => unknown>();
  pool.on('release', (_error, client) => forget(standings.get(client)));
  pool.on('connect', (client) => {
    const standing: Standing = { owed: undefined, begun: [], readsOnly: false, isCommitted: false };
    standings.set(client, standing);
    const { query } = client;
    const send = (...args: unknown[]): unknown => Reflect.apply(query, client, args);
    const pack = (...args: unknown[]): unknown => {
      const [text, values, ...rest] = args;
      // A message of several statements has no parameters; the mapper writes its values into the text.
      const isPlain = typeof text === 'string' && isEmpty(values) && rest.length === 0;
      const answer = isPlain ? hold(standing, text, send) : undefined;
      if (answer !== undefined) return Promise.resolve(answer);
      const before = taken(standing);
      if (isPlain && text.endsWith(LAST)) {
        standing.isCommitted = true;
        return oneOf(send(before === '' ? `${text}; commit` : `${before}; ${text}; commit`), -2);
      }
      if (before === '') return send(...args);
      if (isPlain) return oneOf(send(`${before}; ${text}`), -1);
      // The driver keeps the order: what follows waits for what is sent ahead, and fails with it.
      quietly(send(before));
      return send(...args);
    };
    Object.defineProperty(client, 'query', { value: pack, configurable: true, writable: true });
    senders.set(client, send);
  });
  return {
    take(client) {
      const standing = standings.get(client);
      if (standing?.owed === undefined) return false;
      clearTimeout(standing.owed);
      standing.owed = undefined;
      return true;
    },
    owe(client) {
      const [standing, send] = [standings.get(client), senders.get(client)];
      if (standing !== undefined && send !== undefined) commitLater(standing, send);
    },
  };
}

/** Commits of transactions that only read, which wait for what their connection says next. */
export type OwedCommits = {
  /** Takes over the commit that a connection owes; false when it owes none. */
  take(client: PoolClient): boolean;
  /** Leaves a commit to whatever the connection says next. */
  owe(client: PoolClient): void;
};

/** The answer to a statement that is held back; undefined for one that has to be sent. */
function hold(standing: Standing, text: string, send: (text: string) => unknown): object | undefined {
  const isUnsaid = standing.begun.length > 0;
  if (BEGIN.test(text) && !isUnsaid) {
    Object.assign(standing, { begun: [text], readsOnly: READ_ONLY.test(text), isCommitted: false });
    return { command: 'BEGIN', rowCount: null, rows: [] };
  }
  if (isUnsaid && SETTING.test(text)) {
    standing.begun.push(text);
    return { command: 'SELECT', rowCount: 1, rows: [{}] };
  }
  if (!END.test(text)) return undefined;
  if (isUnsaid) forget(standing);
  else if (standing.isCommitted && COMMIT.test(text)) standing.isCommitted = false;
  else if (standing.readsOnly && COMMIT.test(text)) commitLater(standing, send);
  else return undefined;
  return { command: text.toUpperCase(), rowCount: null, rows: [] };
}

function commitLater(standing: Standing, send: (text: string) => unknown): void {
  standing.readsOnly = false;
  standing.owed = setTimeout(() => {
    // What begins meanwhile goes on waiting: a transaction that nothing follows must never be open.
    standing.owed = undefined;
    quietly(send('commit'));
  }, COMMIT_WAIT_MS).unref();
}

/** What is held, which is said now. */
function taken(standing: Standing): string {
  const { owed, begun } = standing;
  clearTimeout(owed);
  Object.assign(standing, { owed: undefined, begun: [] });
  return [...(owed === undefined ? [] : ['commit']), ...begun].join('; ');
}

/** A transaction that said nothing is over. The commit of the one before it is still owed. */
function forget(standing: Standing | undefined): void {
  if (standing !== undefined && standing.begun.length > 0) Object.assign(standing, { begun: [], readsOnly: false });
}

function isEmpty(values: unknown): boolean {
  return values === undefined || (Array.isArray(values) && values.length === 0);
}

function quietly(answer: unknown): void {
  Promise.resolve(answer).catch(() => undefined);
}

/** The answer to the statement itself: a message of several has one for each. */
async function oneOf(answer: unknown, index: number): Promise<unknown> {
  const results = await answer;
  return Array.isArray(results) ? results.at(index) : results;
}

/**
 * A statement that brings the commit of its transaction along, in the same message. Nothing may follow it: flush what entities hold back before,
 * and run no other statement. Where it fails, everything is rolled back as ever.
 */
export function asLast(sql: string): string {
  return sql.endsWith(LAST) ? sql : `${sql} ${LAST}`;
}
