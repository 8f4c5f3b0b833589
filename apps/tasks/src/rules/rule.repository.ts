import type { EntityManager } from '@postern/database';
import { Event, type EventEntity } from '../events/index.ts';
import { Rule, type RuleEntity } from './rule.entity.ts';

/** The tenant of the transaction, if it has a rule that can tell anybody anything; undefined otherwise. */
export async function tenantWithRules(em: EntityManager): Promise<string | undefined> {
  const rows = await em.execute<{ tenant: string }[]>(
    `select current_setting('postern.tenant') as tenant
     where exists (select 1 from notification_rule where group_pk is not null and transports <> '{}')`,
  );
  return rows[0]?.tenant;
}

/** Rules by name, those that tell nobody included: what is bound to them counts against circles. */
export function allRules(em: EntityManager): Promise<RuleEntity[]> {
  return em.find(Rule, {}, { orderBy: { name: 'asc' } });
}

/** An event by its key; undefined once it is forgotten. */
export async function findEvent(em: EntityManager, pk: string): Promise<EventEntity | undefined> {
  return (await em.findOne(Event, { pk })) ?? undefined;
}
