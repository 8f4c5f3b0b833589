/** An array of keys as PostgreSQL reads it from a text. Keys hold nothing that would need quoting. */
export function arrayOf(keys: readonly (string | number)[]): string {
  return `{${keys.join(',')}}`;
}

/** The row of a query that always answers one. */
export function only<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('a query that always answers one row answered none');
  return row;
}
