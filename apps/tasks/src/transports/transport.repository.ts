import { type EntityManager, isUuid } from '@postern/database';
import { NotificationMapping } from '../notification-mappings/index.ts';
import type { Mapping } from './mapping.ts';
import { Transport, type TransportEntity } from './transport.entity.ts';

/** A transport with the program that it runs, if it has one. */
export type LoadedTransport = Pick<TransportEntity, 'pk' | 'name' | 'mode' | 'webhookUrl' | 'sendOnce'> & {
  readonly mapping: Mapping | undefined;
};

/** A transport by its key; undefined where there is none. */
export async function loadTransport(em: EntityManager, pk: string): Promise<LoadedTransport | undefined> {
  const row = isUuid(pk) ? await em.findOne(Transport, { pk }) : null;
  if (!row) return undefined;
  const mapping = row.webhookMapping ? await em.findOne(NotificationMapping, { pk: row.webhookMapping }) : null;
  const { name, mode, webhookUrl, sendOnce } = row;
  const found = mapping ? { name: mapping.name, expression: mapping.expression } : undefined;
  return { pk, name, mode, webhookUrl, sendOnce, mapping: found };
}

/** What of several transports decides about deliveries, by key. */
export async function transportsOf(em: EntityManager, pks: readonly string[]): Promise<TransportEntity[]> {
  return pks.length === 0 ? [] : em.find(Transport, { pk: { $in: [...pks] } }, { orderBy: { name: 'asc' } });
}
