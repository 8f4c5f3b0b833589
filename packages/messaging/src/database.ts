/** What messaging needs of a database: small enough for MikroORM's entity manager and for a bare driver. */

/** A row as the driver returns it. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** Runs SQL on the connection of one transaction. `?` marks a parameter; MikroORM's `SqlEntityManager` fits as it is. */
export type SqlExecutor = {
  execute(sql: string, params?: unknown[]): Promise<unknown>;
  /** Writes changes that are held back; absent where nothing is. */
  flush?(): Promise<void>;
};

/** Transactions of one app. */
export type MessagingDatabase<Em extends SqlExecutor = SqlExecutor> = {
  /**
   * Runs `work` in one transaction: committed (after a flush) when it returns, rolled back when it throws.
   * `tenant` is set for row-level security; undefined means none, which suffices for the tables of messaging.
   */
  transaction<T>(tenant: string | undefined, work: (em: Em) => Promise<T>): Promise<T>;
  /** Runs one statement as a transaction, of no tenant, and answers with its rows. */
  once(statement: string, params: unknown[]): Promise<SqlRow[]>;
};

/** Rows of a statement. Drivers type results loosely; this is the one place that narrows them. */
export async function rowsOf(sql: SqlExecutor, statement: string, params: unknown[] = []): Promise<SqlRow[]> {
  const rows = await sql.execute(statement, params);
  if (!Array.isArray(rows)) throw new TypeError('the executor did not return rows');
  return rows;
}

/** Reads a text column. */
export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : String(value ?? '');
}

/** Reads a bytea column. */
export function bytesOf(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`);
  return value;
}

/** Quotes an identifier of SQL. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
