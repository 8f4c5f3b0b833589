import { invalidFields, type Violation } from '@postern/errors';
import { providers } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { oauthSources } from './oauth-source.resource.ts';
import { SOURCE_TYPES, sourceType } from './source-types.ts';

/** Implements the service of OAuth sources. */
export function createOAuthSourceRpc(deps: ResourceDeps): BoundService {
  const methods = standardMethods(deps, oauthSources);
  return bind(providers.OAuthSourceServiceDefinition, {
    listOAuthSources: methods.list,
    async createOAuthSource({ oauth_source }, call) {
      if (oauth_source) requireAddresses(oauth_source);
      return methods.create(oauth_source, call);
    },
    getOAuthSource: ({ slug }, call) => methods.get(slug, call),
    async updateOAuthSource({ slug, oauth_source, update_mask }, call) {
      const stored = await methods.get(slug, call);
      if (oauth_source) requireAddresses(merged(stored, oauth_source, update_mask));
      return methods.update(slug, oauth_source, update_mask, call);
    },
    deleteOAuthSource: ({ slug }, call) => methods.remove(slug, call),
    listOAuthSourceUsedBy: ({ slug }, call) => methods.usedBy(slug, call),
    listOAuthSourceTypes: async ({ name }) => ({ items: name === '' ? [...SOURCE_TYPES] : [sourceType(name)] }),
  });
}

const ADDRESSES = ['authorization_url', 'access_token_url', 'profile_url'] as const;

/** A source that knows where to send people, or a discovery document that says so. Throws field errors. */
function requireAddresses(source: providers.OAuthSource): void {
  const type = sourceType(source.provider_type);
  if (!type.urls_customizable || source.oidc_well_known_url !== '' || type.oidc_well_known_url) return;
  const violations: Violation[] = ADDRESSES.filter((field) => !source[field] && !type[field]).map((field) => ({
    field,
    description: `${field} is required for provider ${type.name}`,
    reason: 'SOURCE_ADDRESS_MISSING',
  }));
  if (violations.length > 0) throw invalidFields(violations);
}

/** The source as it will be. */
function merged(
  stored: providers.OAuthSource,
  given: providers.OAuthSource,
  mask: readonly string[] | undefined,
): providers.OAuthSource {
  if (mask === undefined) return given;
  const entries = Object.entries(given).filter(([field]) => mask.includes(field));
  return { ...stored, ...Object.fromEntries(entries) };
}
