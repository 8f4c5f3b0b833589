import { common } from '@postern/errors';
import { auth, directory } from '@postern/proto';
import { bind, type Principal, type Sealer, type UserPrincipal } from '@postern/rpc';

/** Tenants of the test installation, by host. */
export const TENANT = '00000000-0000-4000-8000-000000000001';
export const OTHER_TENANT = '00000000-0000-4000-8000-000000000002';

// Only the RPCs that the gateway calls: the services may have more.
const PRINCIPALS = {
  ...auth.PrincipalServiceDefinition,
  methods: { resolvePrincipal: auth.PrincipalServiceDefinition.methods.resolvePrincipal },
};
const TENANTS = {
  ...directory.TenantServiceDefinition,
  methods: { resolveHost: directory.TenantServiceDefinition.methods.resolveHost },
};

/** Credentials that the test `auth` knows; a test may take one away. */
export type KnownCredentials = Map<string, Principal & { readonly ends?: Date }>;

/** A signed-in person. */
export function aUser(given: Partial<UserPrincipal> = {}): UserPrincipal {
  const user = { pk: 1, uuid: TENANT, username: 'jane', name: 'Jane', email: '', type: 'internal' as const };
  return { kind: 'user', tenant: TENANT, user, superuser: false, permissions: [], via: 'api_token', ...given };
}

/** The part of `auth` that the edge asks. Counts how often it was asked. */
export function principalService(known: KnownCredentials, sealer: Sealer, asked: { count: number }) {
  return bind(PRINCIPALS, {
    async resolvePrincipal({ bearer, basic, session }, { context: { tenant } }) {
      asked.count += 1;
      const principal = known.get(bearer || basic || session);
      if (!principal && session === '') throw common.CREDENTIALS_INVALID();
      const sealed = sealer.sealPrincipal(principal ?? { kind: 'anonymous', tenant, session: 's1' });
      return auth.ResolvePrincipalResponse.fromPartial({ principal: sealed, expires: principal?.ends?.toISOString() });
    },
  });
}

/** The part of `directory` that the edge asks. */
export function tenantService() {
  return bind(TENANTS, {
    async resolveHost({ host }) {
      if (host.startsWith('nobody.')) throw common.NOT_FOUND();
      const looks = { title: 'A</script><b>', logo: '', favicon: '', theme: 'dark', locale: '' };
      return { tenant: host.startsWith('other.') ? OTHER_TENANT : TENANT, looks };
    },
  });
}
