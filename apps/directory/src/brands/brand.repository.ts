import type { EntityManager } from '@postern/database';
import { Brand, type BrandRow } from './brand.entity.ts';

/** Key of the brand that serves a host, given twice: the longest domain that it ends in, else the default brand. A host keeps its port, as the contract compares it. */
export const BRAND_OF_HOST = `select pk from brand
  where right(lower(?), length(domain)) = lower(domain) or is_default
  order by right(lower(?), length(domain)) = lower(domain) desc, length(domain) desc, created, pk limit 1`;

/** The brand that serves a host; undefined when none matches and the tenant has no default one. */
export async function findBrandOf(em: EntityManager, host: string): Promise<BrandRow | undefined> {
  const [match] = await em.execute<{ pk: string }[]>(BRAND_OF_HOST, [host, host]);
  if (!match) return undefined;
  const [row] = await em.createQueryBuilder(Brand).where({ pk: match.pk }).execute<BrandRow[]>('all');
  return row;
}

/** The brand of a host that no brand serves: never stored. */
export function fallbackBrand(): BrandRow {
  const now = new Date(0);
  return {
    pk: '00000000-0000-0000-0000-000000000000',
    tenant: '',
    created: now,
    updated: now,
    domain: 'fallback',
    isDefault: false,
    brandingTitle: 'Postern',
    brandingLogo: '/static/dist/assets/icons/icon_left_brand.svg',
    brandingFavicon: '/static/dist/assets/icons/icon.png',
    eventRetention: 'days=365',
    attributes: {},
  } as BrandRow;
}
