/**
 * Principals: credentials of the edge turned to who is calling. Every one is asked for anew, from the token or session and from the
 * directory: nothing is remembered here. The gateway remembers sealed principals for five seconds, and drops those of a tenant as soon as
 * a fact of `auth.v1.>` or `directory.v1.>` tells of a change (docs/decisions/0067).
 */

export { createResolver, type Resolved, type Resolver, type ResolverDeps } from './principal.resolver.ts';
export { createPrincipalRpc, type PrincipalRpcDeps } from './principal.rpc.ts';
