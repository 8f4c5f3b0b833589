import type { EntityManager } from '@postern/database';

/** Things that files name. */
export type Named = 'user' | 'group' | 'role';

const NAMED: Readonly<Record<Named, readonly [table: string, column: string]>> = {
  user: ['user_account', 'username'],
  group: ['user_group', 'name'],
  role: ['role', 'name'],
};

/** Keys by name; several where several have the name, none where nobody has it. Names are compared character by character. */
export async function keysOf(
  em: EntityManager,
  what: Named,
  names: readonly string[],
): Promise<(name: string) => readonly string[]> {
  const [table, column] = NAMED[what];
  const wanted = [...new Set(names)];
  const rows =
    wanted.length === 0
      ? []
      : await em.execute<{ name: string; pk: string }[]>(
          `select ${column} as name, pk::text as pk from ${table} where ${column} = any (array(select jsonb_array_elements_text(?::jsonb))) order by pk`,
          [JSON.stringify(wanted)],
        );
  const byName = Map.groupBy(rows, ({ name }) => name);
  return (name) => (byName.get(name) ?? []).map(({ pk }) => pk);
}
