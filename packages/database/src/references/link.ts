import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { api, type ReferenceField } from '@postern/proto';
import type { Condition } from '../list/condition.ts';
import { keyName, type Referable } from './referable.ts';

/** What happens to the referring object when the other one goes, as the contract says it. */
export type Action = 'CASCADE' | 'CASCADE_MANY' | 'SET_NULL' | 'SET_DEFAULT';

/** A property by which objects refer to objects of a model. */
export type Link = {
  holder: Referable;
  property: string;
  action: Action;
  /** One key, a list of keys in an array column, or rows of a to-many relation, seen from either side. */
  shape: 'one' | 'list' | 'many' | 'reverse';
};

/** Links to a model within this service: relations of its tables. A one-to-one relation is not a use, as the contract has it. */
export function relationsTo(em: EntityManager, target: Referable, models: readonly Referable[]): Link[] {
  const wanted = target.meta(em).className;
  return models.flatMap((holder) => {
    const { relations, className, root, discriminatorColumn } = holder.meta(em);
    // Kinds that share a table hold what they refer to; the family as a whole would say it twice.
    if (discriminatorColumn && root.className === className) return [];
    const direct = relations
      .filter((prop) => targetOf(prop) === wanted && !isMadeUp(prop.name))
      .flatMap((prop) => linkOf(holder, prop));
    // The rows that the target itself holds in a to-many relation, when the other side does not say it.
    const held = target.meta(em).relations.filter((prop) => targetOf(prop) === className && isOneSided(prop));
    return [
      ...direct,
      ...held.map((prop): Link => ({ holder, property: prop.name, action: 'CASCADE_MANY', shape: 'reverse' })),
    ];
  });
}

/** Links to a model of whatever service: annotated fields that are kept in a plain column. */
export function annotationsTo(
  em: EntityManager,
  model: string,
  models: readonly Referable[],
  fields: readonly ReferenceField[],
): Link[] {
  return fields
    .filter(({ reference }) => reference.model === model)
    .flatMap(({ message, field, reference }) => {
      const holder = models.find(({ type }) => type === message.typeName);
      const property = holder?.propertyOf(em, field.name);
      const isPlain = property !== undefined && holder?.meta(em).relations.every(({ name }) => name !== property);
      if (!holder || !isPlain) return [];
      return [
        { holder, property, action: ACTIONS[reference.on_delete], shape: field.fieldKind === 'list' ? 'list' : 'one' },
      ];
    });
}

/** The condition that finds the objects that hold `key` by this link. */
export async function whereHeld(
  em: EntityManager,
  link: Link,
  target: Referable | undefined,
  key: string | number,
): Promise<Condition> {
  const { holder, property, shape } = link;
  if (shape === 'list') return { [property]: { $contains: [key] } };
  if (shape === 'one' || !target) return { [property]: key };
  if (shape === 'many') return { [property]: { $some: { [keyName(target.meta(em))]: key } } };
  return { [keyName(holder.meta(em))]: { $in: await target.held(em, property, key) } };
}

const ACTIONS: Readonly<Record<api.OnDelete, Action>> = {
  [api.OnDelete.ON_DELETE_UNSPECIFIED]: 'CASCADE',
  [api.OnDelete.ON_DELETE_CASCADE]: 'CASCADE',
  [api.OnDelete.ON_DELETE_SET_NULL]: 'SET_NULL',
  [api.OnDelete.ON_DELETE_CASCADE_MANY]: 'CASCADE_MANY',
  [api.OnDelete.UNRECOGNIZED]: 'CASCADE',
};

function linkOf(holder: Referable, prop: EntityProperty): Link[] {
  if (prop.kind === ReferenceKind.MANY_TO_MANY)
    return [{ holder, property: prop.name, action: 'CASCADE_MANY', shape: 'many' }];
  if (prop.kind !== ReferenceKind.MANY_TO_ONE) return [];
  const rule = prop.deleteRule?.toLowerCase();
  const action = rule === 'set null' ? 'SET_NULL' : rule === 'set default' ? 'SET_DEFAULT' : 'CASCADE';
  return [{ holder, property: prop.name, action, shape: 'one' }];
}

function targetOf(prop: EntityProperty): string | undefined {
  return prop.targetMeta?.className;
}

function isOneSided(prop: EntityProperty): boolean {
  return prop.kind === ReferenceKind.MANY_TO_MANY && !prop.mappedBy && (!prop.inversedBy || isMadeUp(prop.inversedBy));
}

// The mapper gives every to-many relation another side for its own use; conditions on it do not work.
function isMadeUp(property: string): boolean {
  return property.endsWith('__inverse');
}
