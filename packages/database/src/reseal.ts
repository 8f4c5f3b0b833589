import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { columnOf } from './list/condition.ts';
import { quote } from './migration-sql.ts';
import { SecretType } from './secret.type.ts';
import type { SecretBox } from './secret-box.ts';

/**
 * Seals the secrets of a table's rows with the first key, where another one sealed them: run it for every tenant before an old secret
 * is taken out of the settings. Answers how many rows changed.
 */
export async function reseal<Entity extends object>(
  em: EntityManager,
  entity: EntityName<Entity>,
  box: SecretBox,
): Promise<number> {
  const meta = em.getMetadata().get<Entity>(entity);
  const key = columnOf(meta, String(meta.primaryKeys[0]));
  const columns = meta.props.flatMap(({ customType, fieldNames }) =>
    customType instanceof SecretType ? [{ label: customType.column, name: fieldNames[0] ?? '' }] : [],
  );
  const table = quote(meta.tableName);
  const rows = await em.execute<Record<string, string | null>[]>(`select * from ${table} for update`);
  const changes = rows.map((row) => columns.filter(({ name }) => box.isStale(row[name] ?? '') && row[name] !== null));
  for (const [index, stale] of changes.entries()) {
    for (const { name, label } of stale) {
      const sealed = box.seal(box.open(rows[index]?.[name] ?? '', label), label);
      await em.execute(`update ${table} set ${quote(name)} = ? where ${quote(key)} = ?`, [sealed, rows[index]?.[key]]);
    }
  }
  return changes.filter((stale) => stale.length > 0).length;
}
