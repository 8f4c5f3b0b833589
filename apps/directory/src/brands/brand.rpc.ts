import { directory } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { Settings } from '../settings/index.ts';
import { encodeCurrentBrand, flowsOf } from './brand.codec.ts';
import { fallbackBrand, findBrandOf } from './brand.repository.ts';
import { brandResource } from './brand.resource.ts';
import type { FlowSlugs } from './flow-slugs.client.ts';

/** What the service of brands needs. */
export type BrandDeps = ResourceDeps & { readonly settings: Settings; readonly flowSlugs: FlowSlugs };

/** The brands of a tenant, and the one that serves the host of the caller. */
export function bindBrands({ settings, flowSlugs, ...deps }: BrandDeps): BoundService {
  const brands = standardMethods(deps, brandResource);
  return bind(directory.BrandServiceDefinition, {
    listBrands: (request, call) => brands.list(request, call),
    getBrand: ({ brand_uuid }, call) => brands.get(brand_uuid, call),
    createBrand: ({ brand }, call) => brands.create(brand, call),
    updateBrand: ({ brand_uuid, brand, update_mask }, call) => brands.update(brand_uuid, brand, update_mask, call),
    deleteBrand: ({ brand_uuid }, call) => brands.remove(brand_uuid, call),
    listBrandUsedBy: ({ brand_uuid }, call) => brands.usedBy(brand_uuid, call),

    async getCurrentBrand(_request, call) {
      const { brand, footerLinks } = await deps.db.read(call.context, async (em) => ({
        brand: (await findBrandOf(em, call.context.client.host)) ?? fallbackBrand(),
        footerLinks: (await settings.read(em)).footerLinks,
      }));
      const slugs = await flowSlugs(flowsOf(brand), call);
      return encodeCurrentBrand(brand, footerLinks, (flow) => slugs.get(flow));
    },
  });
}
