import { common } from '@postern/errors';
import { auth, directory, providers } from '@postern/proto';
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
export function tenantService({ hosts, asked }: Premises) {
  return bind(TENANTS, {
    async resolveHost({ host }) {
      asked.push(host);
      if (host.startsWith('nobody.')) throw common.NOT_FOUND();
      const looks = { title: 'A</script><b>', logo: '', favicon: '', theme: 'dark', locale: '' };
      const tenant = host.startsWith('other.') ? OTHER_TENANT : TENANT;
      return { tenant, looks, web_certificate: hosts.get(host) };
    },
  });
}

/** Who lives where, and how their doors open. */
export type Premises = {
  /** Key pairs of brands, by host. */
  readonly hosts: Map<string, string>;
  /** Certificates and private keys, by `<tenant> <key>`; without a key the self-signed one. */
  readonly pairs: Map<string, providers.ServingPair>;
  /** Hosts that `directory` was asked about. */
  readonly asked: string[];
  /** Pairs that `providers` was asked for. */
  readonly read: string[];
};

/** Premises on which nothing is known. */
export function premises(): Premises {
  return { hosts: new Map(), pairs: new Map(), asked: [], read: [] };
}

/** The part of `providers` that the edge asks. */
export function servingPairService({ pairs, read }: Premises) {
  return bind(providers.ServingPairServiceDefinition, {
    async readServingPair({ key_pair }, { context: { tenant } }) {
      const name = `${tenant} ${key_pair}`;
      read.push(name);
      const pair = pairs.get(name);
      if (!pair) throw common.NOT_FOUND();
      return pair;
    },
  });
}
