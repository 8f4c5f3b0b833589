import { common } from '@postern/errors';
import { auth, type directory } from '@postern/proto';
import { asService, type BoundService, bind, type Call, type Client, type Sealer } from '@postern/rpc';
import type { Resolved, Resolver } from './principal.resolver.ts';

/** What serving the edge needs. */
export type PrincipalRpcDeps = {
  readonly resolver: Resolver;
  readonly sealer: Pick<Sealer, 'sealPrincipal'>;
  readonly tenants: Pick<Client<directory.TenantServiceDefinition>, 'resolveHost'>;
  /** Whether somebody has no second factor in a tenant that wants everybody to have one. */
  readonly lacksFactor: (tenant: string, user: number) => Promise<boolean>;
  readonly clock: { now(): Date };
};

/** How long a sealed principal lives: the gateway uses it for 5 s, and what it starts then may take a while. */
const LIFE_MS = 15_000;

/** Serves the gateway, and programs that come by gRPC with an API token. */
export function createPrincipalRpc(deps: PrincipalRpcDeps): BoundService {
  return bind(auth.PrincipalServiceDefinition, {
    async resolvePrincipal(request, call) {
      const tenant = await tenantFor(request, call, deps);
      const resolved = await resolve(tenant, request, call, deps.resolver);
      return { ...seal(resolved, deps), lacks_factor: await lacksFactor(resolved, deps) };
    },
  });
}

/** The tenant that the gateway states; for a program of its own, that of the host it asked for. */
async function tenantFor({ host }: auth.ResolvePrincipalRequest, call: Call, { tenants }: PrincipalRpcDeps) {
  const { tenant, principal } = call.context;
  if (principal.kind === 'service' || call.tokens.client !== undefined || host === '') return tenant;
  return (await tenants.resolveHost({ host }, asService(''))).tenant;
}

async function resolve(
  tenant: string,
  { bearer, basic, session, session_token, session_id }: auth.ResolvePrincipalRequest,
  call: Call,
  resolver: Resolver,
): Promise<Resolved> {
  if ([bearer, basic, session, session_token, session_id].filter(Boolean).length !== 1) throw common.INVALID_ARGUMENT();
  if (session_id !== '') return resolver.sessionId(tenant, session_id, call);
  if (session_token !== '') return resolver.sessionToken(tenant, session_token, call);
  if (basic !== '') return resolver.basic(tenant, basic, call);
  return bearer === '' ? resolver.session(tenant, session, call) : resolver.bearer(tenant, bearer, call);
}

/** Whoever acts as somebody else is asked for their own. */
async function lacksFactor({ principal }: Resolved, deps: PrincipalRpcDeps): Promise<boolean> {
  if (principal.kind !== 'user' || principal.via !== 'session') return false;
  return deps.lacksFactor(principal.tenant, (principal.impersonator ?? principal.user).pk);
}

function seal(
  { principal, user, token, expires }: Resolved,
  { sealer, clock }: PrincipalRpcDeps,
): Omit<auth.ResolvePrincipalResponse, 'lacks_factor'> {
  const now = clock.now().getTime();
  const ends = Math.min(now + LIFE_MS, expires?.getTime() ?? Number.POSITIVE_INFINITY);
  return {
    principal: sealer.sealPrincipal(principal, { ttlMs: ends - now }),
    expires: new Date(ends).toISOString(),
    user,
    superuser: principal.kind === 'user' && principal.superuser,
    via: principal.kind === 'user' ? principal.via : '',
    session: principal.kind === 'service' ? '' : (principal.session ?? ''),
    token: token ?? '',
  };
}
