import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { OAuthSourceEntity, type OAuthSourceRow, sourceType } from '../sources/index.ts';

/** A source that speaks OpenID Connect and is in use. */
export type SignInSource = {
  readonly pk: string;
  readonly slug: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Address of its discovery document. */
  readonly discoveryUrl: string;
  readonly scope: string;
};

/** A source as lists show it, whether somebody can sign in by it or not. */
export type ListedSource = {
  readonly pk: string;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  /** Empty for a source that has none. */
  readonly discoveryUrl: string;
  /** It is in use and speaks OpenID Connect. */
  readonly isServed: boolean;
};

/** Reads sources for those who sign people in by them. */
export type SignInSources = {
  /** In the order in which they were made. */
  list(tenant: string): Promise<ListedSource[]>;
  /** Throws NOT_FOUND unless somebody can sign in by it. */
  get(tenant: string, slug: string): Promise<SignInSource>;
};

/** Kinds whose servers speak OpenID Connect. Others have a discovery document for what is no sign-in. */
const KINDS = new Set(['openidconnect', 'okta', 'google', 'azuread']);
const SCOPES = ['openid', 'email', 'profile'];

/** Creates the reader. */
export function createSignInSources({ read }: Pick<Database, 'read'>): SignInSources {
  return {
    async list(tenant) {
      const rows = await read({ tenant }, (em) =>
        em.find(OAuthSourceEntity, {}, { orderBy: { created: 'asc', pk: 'asc' } }),
      );
      return rows.map((row) => {
        const { pk, slug, name, consumerKey: clientId, enabled } = row;
        const discoveryUrl = discoveryUrlOf(row);
        return { pk, slug, name, clientId, discoveryUrl, isServed: enabled && discoveryUrl !== '' };
      });
    },
    async get(tenant, slug) {
      const row = slug.includes('\0')
        ? null
        : await read({ tenant }, (em) => em.findOne(OAuthSourceEntity, { slug, enabled: true }));
      const discoveryUrl = row === null ? '' : discoveryUrlOf(row);
      if (row === null || discoveryUrl === '') throw common.NOT_FOUND();
      const { pk, consumerKey: clientId, consumerSecret: clientSecret } = row;
      return { pk, slug, clientId, clientSecret, discoveryUrl, scope: scopeOf(row) };
    },
  };
}

function discoveryUrlOf({ providerType, oidcWellKnownUrl }: OAuthSourceRow): string {
  if (!KINDS.has(providerType)) return '';
  return oidcWellKnownUrl || (sourceType(providerType).oidc_well_known_url ?? '');
}

/** Scopes in their order, each once; a leading star replaces the usual ones. Without `openid` nobody would say who it is. */
function scopeOf({ additionalScopes }: OAuthSourceRow): string {
  const isOnly = additionalScopes.startsWith('*');
  const more = (isOnly ? additionalScopes.slice(1) : additionalScopes).split(' ').filter(Boolean);
  return [...new Set(['openid', ...(isOnly ? [] : SCOPES), ...more])].sort().join(' ');
}
