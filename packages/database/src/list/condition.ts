/** A condition of the mapper's query language: `{ name: 'x' }`, `{ user: { username: 'x' } }`, `{ $or: [...] }`. */
export type Condition = Readonly<Record<string, unknown>>;

/** Says a condition about a property, perhaps of a related row: `user__username` or `user.username`. */
export function at(path: string, condition: unknown): Condition {
  const steps = path.split(/__|\./);
  return steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), condition) as Condition;
}

type Columns = { className: string; props: readonly { name: string; fieldNames: string[] }[] };

/** The column behind a property. */
export function columnOf(meta: Columns, property: string): string {
  const column = meta.props.find(({ name }) => name === property)?.fieldNames?.[0];
  if (!column) throw new Error(`${meta.className} has no column for "${property}"`);
  return column;
}

/** Matches any text that holds this one, whatever its case; `%` and `_` mean themselves. */
export function containing(text: string): { $ilike: string } {
  return { $ilike: `%${text.replaceAll(/[\\%_]/g, '\\$&')}%` };
}
