import type { EntityName, FilterQuery, RequiredEntityData } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { common } from '@postern/errors';
import { type Allowed, applyMask } from './apply-mask.ts';
import { type ConstraintError, onConstraint } from './constraints.ts';
import { isInteger, isUuid } from './list/value.ts';

/** Primary key of a row. */
export type RowKey = string | number;

/** Condition that finds a row. */
export type Where<Entity> = FilterQuery<Entity> & object;

/** Which error a violated constraint means. */
export type Constraints = Readonly<Record<string, ConstraintError>>;

/** A row by its key, or by a condition. Throws NOT_FOUND, also for a key that cannot be one. */
export async function getOr404<Entity extends object>(
  em: EntityManager,
  entity: EntityName<Entity>,
  where: RowKey | Where<Entity>,
): Promise<Entity> {
  if (isKey(where) && !isKeyOf(em, entity, where)) throw common.NOT_FOUND();
  const found = await em.findOne(entity, where as FilterQuery<NoInfer<Entity>>);
  if (!found) throw common.NOT_FOUND();
  return found;
}

/** Stores a new row and answers it with its defaults. */
export async function createFrom<Entity extends object>(
  em: EntityManager,
  entity: EntityName<Entity>,
  values: RequiredEntityData<Entity>,
  constraints: Constraints = {},
): Promise<Entity> {
  const row = em.create(entity, values);
  em.persist(row);
  await em.flush().catch(onConstraint(constraints));
  return row;
}

/** Changes the fields of a row that the mask names, and stores it. */
export async function updateFrom<Entity extends object, Message extends object>(
  em: EntityManager,
  row: Entity,
  update: {
    message: Message;
    mask: readonly string[] | undefined;
    allowed: Allowed<Entity, Message>;
    constraints?: Constraints;
  },
): Promise<Entity> {
  applyMask(row, update.message, update.mask, update.allowed);
  await em.flush().catch(onConstraint(update.constraints ?? {}));
  return row;
}

/** Removes a row. Throws NOT_FOUND when there is none. */
export async function deleteOne<Entity extends object>(
  em: EntityManager,
  entity: EntityName<Entity>,
  where: RowKey | Where<Entity>,
  constraints: Constraints = {},
): Promise<void> {
  em.remove(await getOr404(em, entity, where));
  await em.flush().catch(onConstraint(constraints));
}

function isKeyOf<Entity extends object>(em: EntityManager, entity: EntityName<Entity>, value: RowKey): boolean {
  const [key] = em.getMetadata().get<Entity>(entity).getPrimaryProps();
  const type = key?.columnTypes?.[0];
  if (type === 'uuid') return isUuid(value);
  return type?.startsWith('int') || type?.startsWith('serial') ? isInteger(value) : true;
}

function isKey(where: unknown): where is RowKey {
  return typeof where === 'string' || typeof where === 'number';
}
