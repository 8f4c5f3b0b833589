import type { EntityManager, PlainRow } from '@postern/database';
import { ProviderEntity, type ProviderRow } from './provider.entity.ts';

/** Providers of any kind by key, in no order; those that do not exist are left out. */
export async function findProviders(em: EntityManager, keys: readonly number[]): Promise<PlainRow<ProviderRow>[]> {
  if (keys.length === 0) return [];
  return em
    .createQueryBuilder(ProviderEntity)
    .where({ pk: { $in: [...keys] } })
    .execute<PlainRow<ProviderRow>[]>('all');
}

/** Providers that work in the background of these applications, in the order of their keys. */
export async function findBackchannelProviders(
  em: EntityManager,
  applications: readonly string[],
): Promise<PlainRow<ProviderRow>[]> {
  if (applications.length === 0) return [];
  return em
    .createQueryBuilder(ProviderEntity)
    .where({ backchannelApplication: { $in: [...applications] } })
    .orderBy({ pk: 'asc' })
    .execute<PlainRow<ProviderRow>[]>('all');
}
