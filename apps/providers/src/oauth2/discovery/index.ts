/** What a client may know before it asks for anything: OpenID Connect Discovery, and the keys that verify tokens. */

import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import { endpointsOf } from '../../providers/index.ts';
import { namedClaims } from '../claims/index.ts';
import type { Clock } from '../ports.ts';
import type { PublishedKeys } from '../signing/index.ts';
import { ACR, CHALLENGE_METHODS, GRANT_TYPES, RESPONSE_MODES, RESPONSE_TYPES } from '../vocabulary.ts';

export type DiscoveryDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly publishedKeys: PublishedKeys;
  readonly clock: Clock;
};

/** What clients read about a provider, by the slug of its application. All throw NOT_FOUND. */
export type Discovery = {
  document(slug: string, call: Call): Promise<providers.DiscoveryDocument>;
  keys(slug: string, call: Call): Promise<providers.JsonWebKeySet>;
  /** Path of the document. */
  path(slug: string, call: Call): Promise<string>;
};

/** Claims of every id token. */
const CLAIMS = ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'nonce'];

/** Creates discovery. Only what is served is advertised. */
export function createDiscovery({ db, clients, publishedKeys, clock }: DiscoveryDeps): Discovery {
  const find = (slug: string, call: Call) => db.read(call.context, (em) => clients.findBySlug(em, slug));
  return {
    async document(slug, call) {
      const client = await find(slug, call);
      if (!client) throw common.NOT_FOUND();
      return documentOf(client, slug, call);
    },
    keys: (slug, call) =>
      db.read(call.context, async (em) => {
        const client = await clients.findBySlug(em, slug);
        if (!client) throw common.NOT_FOUND();
        call.response.header('access-control-allow-origin', '*');
        return { keys: await publishedKeys.list(em, client, clock.now()) };
      }),
    async path(slug, call) {
      if (!(await find(slug, call))) throw common.NOT_FOUND();
      return `/application/o/${slug}/.well-known/openid-configuration`;
    },
  };
}

function documentOf(client: OAuth2Client, slug: string, { context }: Call): providers.DiscoveryDocument {
  const endpoints = endpointsOf(context.client, slug, client.issuerMode);
  const mapped = client.scopes.flatMap(({ expression }) => namedClaims(expression));
  const scopes = client.scopes.map(({ scopeName }) => scopeName);
  return {
    issuer: endpoints.issuer ?? '',
    authorization_endpoint: endpoints.authorize,
    token_endpoint: endpoints.token,
    userinfo_endpoint: endpoints.userInfo,
    end_session_endpoint: endpoints.endSession ?? '',
    introspection_endpoint: endpoints.introspect,
    revocation_endpoint: endpoints.revoke,
    device_authorization_endpoint: undefined,
    jwks_uri: endpoints.jwks ?? '',
    response_types_supported: Object.keys(RESPONSE_TYPES),
    response_modes_supported: [...RESPONSE_MODES],
    grant_types_supported: [...GRANT_TYPES],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [client.signingKey?.alg ?? 'HS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'none'],
    acr_values_supported: [ACR],
    scopes_supported: [...new Set([...scopes, 'openid'])],
    claims_supported: [...new Set([...CLAIMS, ...mapped])],
    code_challenge_methods_supported: [...CHALLENGE_METHODS],
    request_parameter_supported: false,
    claims_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  };
}
