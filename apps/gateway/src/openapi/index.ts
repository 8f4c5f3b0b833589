/**
 * OpenAPI documents of the public families, built at boot from the protos: paths, parameters, schemas and their names are those of
 * the contract, the descriptions are the comments of the protos. Nothing here knows a resource.
 */

export { documentPage, PAGE_POLICY } from './document.page.ts';
export { headlessDocument, openApiDocument, openApiYaml, restAuthDocument } from './document.ts';
export type { OpenApiDocument } from './schema.types.ts';
