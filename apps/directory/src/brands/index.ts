/**
 * Brands: how the pages look, host by host, and which flows they lead into. The brand with the longest domain that a host ends in serves
 * it, else the default one. Flows and certificates belong to other services; their keys are checked when they are written.
 */

import type { Database, EntityManager } from '@postern/database';
import type { directory } from '@postern/proto';
import type { JsonObject } from '../attributes/index.ts';
import { encodeLooks } from './brand.codec.ts';
import { fallbackBrand, findBrandOf } from './brand.repository.ts';

export { Brand } from './brand.entity.ts';
export { brandErrors } from './brand.errors.ts';
export { BRAND_MIGRATIONS } from './brand.migrations.ts';
export { brandResource } from './brand.resource.ts';
export { type BrandDeps, bindBrands } from './brand.rpc.ts';
export { seedBrand } from './brand.seed.ts';
export { createFlowSlugs, type FlowSlugs } from './flow-slugs.client.ts';

/** Brands, as the rest of the directory needs them. */
export type Brands = {
  /** How the pages of a host look. */
  looksOf(tenant: string, host: string): Promise<directory.PageLooks>;
  /** Free-form properties of the brand that serves a host. */
  attributesOf(em: EntityManager, host: string): Promise<JsonObject>;
};

/** Creates the reader of brands. */
export function createBrands({ db }: { readonly db: Pick<Database, 'read'> }): Brands {
  const find = async (em: EntityManager, host: string) => (await findBrandOf(em, host)) ?? fallbackBrand();
  return {
    looksOf: (tenant, host) => db.read({ tenant }, async (em) => encodeLooks(await find(em, host))),
    attributesOf: async (em, host) => (await find(em, host)).attributes,
  };
}
