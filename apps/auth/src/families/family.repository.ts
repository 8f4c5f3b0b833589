import type { RequiredEntityData } from '@mikro-orm/core';
import { type EntityManager, type PlainRow, rowByKey } from '@postern/database';
import type { Family, FamilyModel, FamilyRow } from './family.ts';

type Table<Row extends FamilyRow> = Pick<Family<Row, FamilyModel, object>, 'entity'>;

/** A new row of a kind, stored at the next flush. What it is made of is put into it before that. */
export function newRow<Row extends FamilyRow>(em: EntityManager, { entity }: Table<Row>, kind: string): Row {
  const row = em.create(entity, {} as RequiredEntityData<Row>);
  return Object.assign(row, { kind });
}

/** A row as lists read it; undefined where there is none. */
export async function plainRow<Row extends FamilyRow>(
  em: EntityManager,
  { entity }: Table<Row>,
  pk: string,
): Promise<PlainRow<Row> | undefined> {
  return rowByKey(em, entity, pk);
}
