import { LAST } from '../packed-transactions.ts';

const PREPARED = '/* prepared */';

/** A statement as the lane sends it. */
export type Statement = {
  /** What the connection calls it; undefined for one that is sent as text each time. */
  readonly name?: string;
  /** With `$1` for its parameters where it has a name, with `?` where it has none. */
  readonly text: string;
  /** Nothing follows it in its transaction. */
  readonly isLast: boolean;
};

/**
 * A statement that each connection prepares once, under a name: the server reads and plans it no more. For statements of hot paths, whose plan does
 * not hang on the values. Its text is fixed but for a few variants; a list is no parameter of it, and `?` marks nothing but parameters.
 */
export function prepared(sql: string): string {
  return `${sql} ${PREPARED}`;
}

/** How many texts get a name. What comes after them is sent as text: a text that varies is not one for {@link prepared}. */
const MOST = 500;

/** Reads the marks of texts, and gives names to those that are prepared. */
export function createStatements(): (sql: string) => Statement {
  const known = new Map<string, Statement>();
  return (sql) => {
    const found = known.get(sql);
    if (found !== undefined) return found;
    const isLast = sql.endsWith(LAST);
    const plain = isLast ? sql.slice(0, -LAST.length).trimEnd() : sql;
    if (!plain.endsWith(PREPARED) || known.size >= MOST) return { text: plain, isLast };
    const statement = { name: `s${known.size}`, text: numbered(plain.slice(0, -PREPARED.length).trimEnd()), isLast };
    known.set(sql, statement);
    return statement;
  };
}

function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
}
