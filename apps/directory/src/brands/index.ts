/**
 * Brands: how the pages look, host by host, and which flows they lead into. The brand with the longest domain that a host ends in serves
 * it, else the default one. Flows and certificates belong to other services; their keys are checked when they are written.
 */

export { Brand } from './brand.entity.ts';
export { brandErrors } from './brand.errors.ts';
export { BRAND_MIGRATIONS } from './brand.migrations.ts';
export { type Brands, createBrands } from './brand.reader.ts';
export { BRAND_OF_HOST } from './brand.repository.ts';
export { brandResource } from './brand.resource.ts';
export { type BrandDeps, bindBrands } from './brand.rpc.ts';
export { createFlowSlugs, type FlowSlugs } from './flow-slugs.client.ts';
