import type { EntityManager } from '@postern/database';
import { Brand, type BrandRow } from './brand.entity.ts';

/**
 * Key of the brand that serves a host, given twice: the one with this domain, with the port before without it, else the one with the longest domain that the
 * host lies below, else the default brand. `example.com` serves `www.example.com`, and not `bad-example.com`.
 */
export const BRAND_OF_HOST = `select brand.pk from brand
  cross join (select lower(?) as whole, regexp_replace(lower(?), ':[0-9]+$', '') as bare) as asked
  cross join lateral (select ltrim(lower(domain), '.') as own) as served
  cross join lateral (select own in (whole, bare) as is_exact, '.' || own in (right(whole, length(own) + 1), right(bare, length(own) + 1)) as is_below) as fit
  where is_exact or is_below or is_default
  order by is_exact desc, is_below desc, length(own) desc, created, brand.pk limit 1`;

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
