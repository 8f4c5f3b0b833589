import { providers } from '@postern/proto';
import type { Json } from '../events/index.ts';
import { type FactReader, reads } from './fact.reader.ts';
import { modelOf } from './model.facts.ts';
import { userOf } from './sign-in.facts.ts';

const AUTHORIZE = 'authentik.providers.oauth2.views.authorize';
const TOKEN = 'authentik.providers.oauth2.views.token';
const SCOPE = 'authentik_providers_oauth2.scopemapping';
const CLAIMS = 'authentik.providers.oauth2.views.userinfo';

/** The provider behind a fact. */
function providerOf(client: providers.ClientFacts | undefined): Json | undefined {
  return client && modelOf('authentik_providers_oauth2.oauth2provider', client.provider, client.provider_name);
}

/** The application that it serves, where it serves one. */
function applicationOf(client: providers.ClientFacts | undefined): Json | undefined {
  const { application = '', application_name = '' } = client ?? {};
  return application === '' ? undefined : modelOf('authentik_core.application', application, application_name);
}

/** Facts about clients of OAuth 2 and what is issued to them, by payload type. Tokens that are issued are no event of the contract. */
export const OAUTH2_FACTS: Readonly<Record<string, FactReader>> = {
  'postern.providers.v1.ApplicationAuthorized': reads(
    providers.ApplicationAuthorized,
    ({ client, user, flow, scopes }) => ({
      action: 'authorize_application',
      app: AUTHORIZE,
      context: {
        authorized_application: applicationOf(client),
        flow,
        scopes: scopes.join(' '),
      },
      user: user && userOf(user),
    }),
  ),
  'postern.providers.v1.TokenReused': reads(providers.TokenReused, ({ client, message, who }) => ({
    action: 'suspicious_request',
    app: TOKEN,
    context: { message, provider: providerOf(client) },
    user: who && userOf(who),
  })),
  'postern.providers.v1.ClientMisconfigured': reads(
    providers.ClientMisconfigured,
    ({ client, message, redirect_uri, expected, property_mapping, property_mapping_name }) => ({
      action: 'configuration_error',
      app: property_mapping === '' ? TOKEN : CLAIMS,
      context: {
        message,
        provider: providerOf(client),
        application: applicationOf(client),
        ...(expected.length === 0 ? {} : { redirect_uri, expected }),
        ...(property_mapping === '' ? {} : { mapping: modelOf(SCOPE, property_mapping, property_mapping_name) }),
      },
    }),
  ),
};
