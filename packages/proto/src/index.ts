/** The contract between services. Each proto package is a namespace: `directory.User`, `auth.TokenServiceDefinition`. */

export * from './fields.ts';
export * from './gen/index.ts';
export * from './operations.ts';
export * from './registry.ts';
