import type { EntityManager } from '@postern/database';
import { OAuth2ProviderEntity } from './oauth2-provider.entity.ts';

/** Where applications open that say nothing else, by key of their provider: the host of the first redirect URI. */
export async function findLaunchUrls(em: EntityManager, keys: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (keys.length === 0) return new Map();
  const rows = await em
    .createQueryBuilder(OAuth2ProviderEntity)
    .where({ pk: { $in: [...keys] } })
    .execute<{ pk: number; redirectUris: string }[]>('all');
  return new Map(rows.flatMap(({ pk, redirectUris }) => entryOf(pk, redirectUris)));
}

function entryOf(pk: number, redirectUris: string): [number, string][] {
  const [first = ''] = redirectUris.split(/\s+/, 1);
  const url = URL.canParse(first) ? new URL(first) : undefined;
  return url?.host ? [[pk, `${url.protocol}//${url.host}`]] : [];
}
