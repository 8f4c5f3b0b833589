/** The contract between services. Each proto package is a namespace: `directory.User`, `auth.TokenServiceDefinition`. */

export * from './gen/index.ts';

/** Where the descriptor set of all protos lies: the source of routes, validation and the OpenAPI document. */
export const descriptorsUrl = new URL('../descriptors.binpb', import.meta.url);
