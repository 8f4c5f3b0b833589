import type { PlainRow } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Scope } from '@postern/resource';
import { OAuth2ProviderEntity, type OAuth2ProviderRow } from './oauth2-provider.entity.ts';
import { type OAuth2ProviderViewDeps, oauth2Providers } from './oauth2-provider.resource.ts';

/** Providers by key, as the caller may see them; those that do not exist are left out. */
export async function findOAuth2Providers(
  { em, call, ...deps }: OAuth2ProviderViewDeps & Scope,
  keys: readonly number[],
): Promise<ReadonlyMap<number, providers.OAuth2Provider>> {
  if (keys.length === 0) return new Map();
  const rows = await em
    .createQueryBuilder(OAuth2ProviderEntity)
    .where({ pk: { $in: [...new Set(keys)] } })
    .execute<PlainRow<OAuth2ProviderRow>[]>('all');
  const found = await oauth2Providers(deps).encode(rows, { em, call });
  return new Map(found.map((provider) => [provider.pk, provider]));
}
