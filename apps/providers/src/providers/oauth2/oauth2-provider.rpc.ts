import type { Database } from '@postern/database';
import { providers } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Assignments } from '../provider.codec.ts';
import { endpointsOf } from './endpoints.ts';
import { oauth2Providers } from './oauth2-provider.resource.ts';
import { checkOAuth2Provider, withCredentials } from './oauth2-provider.rules.ts';

/** The claims that a token of a provider would carry for the caller, with all its scopes. Throws NOT_FOUND. */
export type PreviewClaims = (provider: number, call: Call) => Promise<Record<string, unknown>>;

export type OAuth2ProviderDeps = ResourceDeps & { db: Database; assignments: Assignments; preview: PreviewClaims };

/** Implements the service of OAuth2 providers. */
export function createOAuth2ProviderRpc(deps: OAuth2ProviderDeps): BoundService {
  const { db, assignments, preview } = deps;
  const methods = standardMethods(deps, oauth2Providers({ secrets: db.secrets, assignments }));
  return bind(providers.OAuth2ProviderServiceDefinition, {
    listOAuth2Providers: methods.list,
    async createOAuth2Provider({ oauth2_provider }, call) {
      if (oauth2_provider) checkOAuth2Provider(oauth2_provider, undefined);
      return methods.create(oauth2_provider && withCredentials(oauth2_provider), call);
    },
    getOAuth2Provider: ({ id }, call) => methods.get(id, call),
    async updateOAuth2Provider({ id, oauth2_provider, update_mask }, call) {
      if (oauth2_provider) checkOAuth2Provider(oauth2_provider, update_mask);
      return methods.update(id, oauth2_provider, update_mask, call);
    },
    deleteOAuth2Provider: ({ id }, call) => methods.remove(id, call),
    listOAuth2ProviderUsedBy: ({ id }, call) => methods.usedBy(id, call),
    previewOAuth2User: async ({ id }, call) => ({ preview: await preview(id, call) }),
    async getOAuth2SetupUrls({ id }, call) {
      const { assigned_application_slug: slug, issuer_mode } = await methods.get(id, call);
      const mode = issuer_mode === 'global' ? 'global' : 'per_provider';
      const endpoints = endpointsOf(call.context.client, slug, mode);
      return {
        issuer: endpoints.issuer ?? '',
        authorize: endpoints.authorize,
        token: endpoints.token,
        user_info: endpoints.userInfo,
        provider_info: endpoints.discovery ?? '',
        logout: endpoints.endSession ?? '',
        jwks: endpoints.jwks ?? '',
      };
    },
  });
}
