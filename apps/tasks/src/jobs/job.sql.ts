import type { Database, EntityManager } from '@postern/database';

/** Runs statements, each a transaction of its own. `$1` marks a parameter. */
export type JobSql = {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
};

/** Statements on the connections of the app: they work as long as the app answers calls. */
export function sqlOf(db: Pick<Database, 'system'>): JobSql {
  return {
    rows: <Row extends object>(text: string, values: readonly unknown[] = []) =>
      db.system((em) => rowsIn<Row>(em, text, values)),
  };
}

/** Runs a statement with `$1` in a transaction of the mapper, which marks parameters by `?`. */
export function rowsIn<Row extends object>(
  em: EntityManager,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const params: unknown[] = [];
  const statement = text.replaceAll('?', '\\?').replaceAll(/\$(\d+)/g, (_, at: string) => {
    params.push(values[Number(at) - 1]);
    return '?';
  });
  return em.execute<Row[]>(statement, params);
}
