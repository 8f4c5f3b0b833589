/**
 * The OpenAPI document of `/api/v3/`, built at boot from the protos: paths, parameters, schemas and their names are those of
 * the contract, the descriptions are the comments of the protos. Nothing here knows a resource.
 */

export { openApiDocument, openApiYaml } from './document.ts';
export type { OpenApiDocument } from './schema.types.ts';
