import type { EntityManager } from '@postern/database';
import { Event, type EventEntity } from '../events/index.ts';
import { Rule, type RuleEntity } from './rule.entity.ts';

/** Rules by name, those that tell nobody included: what is bound to them counts against circles. */
export function allRules(em: EntityManager): Promise<RuleEntity[]> {
  return em.find(Rule, {}, { orderBy: { name: 'asc' } });
}

/** An event by its key; undefined once it is forgotten. */
export async function findEvent(em: EntityManager, pk: string): Promise<EventEntity | undefined> {
  return (await em.findOne(Event, { pk })) ?? undefined;
}
