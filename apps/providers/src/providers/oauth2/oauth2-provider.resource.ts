import { type Database, type PlainRow, referable } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Resource } from '@postern/resource';
import {
  type Assignment,
  type Assignments,
  encodeShared,
  maySeeSecrets,
  PROVIDER_CONSTRAINTS,
} from '../provider.codec.ts';
import { OAUTH2_KIND, PROVIDER_FAMILY } from '../provider.kinds.ts';
import { OAuth2ProviderEntity, type OAuth2ProviderRow } from './oauth2-provider.entity.ts';
import { oauth2ProviderList } from './oauth2-provider.list.ts';

const TYPE = 'postern.providers.v1.OAuth2Provider';

/** What others refer to, and what it refers to. */
export const referableOAuth2Providers = referable({
  model: OAUTH2_KIND.model,
  type: TYPE,
  entity: OAuth2ProviderEntity,
  title: ({ name }) => name,
});

/** What showing a provider needs. */
export type OAuth2ProviderViewDeps = { secrets: Database['secrets']; assignments: Assignments };

/** Clients of OAuth 2, as a plain resource. */
export function oauth2Providers({
  secrets,
  assignments,
}: OAuth2ProviderViewDeps): Resource<OAuth2ProviderRow, providers.OAuth2Provider> {
  return {
    model: OAUTH2_KIND.model,
    families: [PROVIDER_FAMILY],
    type: TYPE,
    subject: OAUTH2_KIND.subject,
    entity: OAuth2ProviderEntity,
    list: oauth2ProviderList,
    fields: {
      name: 'name',
      authentication_flow: 'authenticationFlow',
      authorization_flow: 'authorizationFlow',
      property_mappings: 'propertyMappings',
      client_type: 'clientType',
      client_id: 'clientId',
      client_secret: 'clientSecret',
      access_code_validity: 'accessCodeValidity',
      access_token_validity: 'accessTokenValidity',
      refresh_token_validity: 'refreshTokenValidity',
      include_claims_in_id_token: 'includeClaimsInIdToken',
      signing_key: 'signingKey',
      redirect_uris: 'redirectUris',
      sub_mode: 'subMode',
      issuer_mode: 'issuerMode',
      jwks_sources: 'jwksSources',
    },
    title: ({ name }) => name,
    async encode(rows, { em, call }) {
      const assigned = await assignments(em, rows);
      const isShown = maySeeSecrets(call.context, OAUTH2_KIND.model);
      const secretOf = (sealed: string) => (isShown ? secrets.open(sealed, 'provider.client_secret') : '');
      return rows.map((row) => encodeOAuth2Provider(row, assigned.get(row.pk), secretOf(row.clientSecret)));
    },
    constraints: {
      ...PROVIDER_CONSTRAINTS,
      provider__client_id_key: () =>
        invalidField('client_id', `${OAUTH2_KIND.verboseName} with this Client ID already exists.`, 'CLIENT_ID_TAKEN'),
    },
  };
}

function encodeOAuth2Provider(
  row: PlainRow<OAuth2ProviderRow>,
  assignment: Assignment | undefined,
  clientSecret: string,
): providers.OAuth2Provider {
  return {
    ...encodeShared(row, assignment),
    authentication_flow: row.authenticationFlow ?? undefined,
    authorization_flow: row.authorizationFlow ?? '',
    assigned_application_slug: assignment?.application?.slug,
    assigned_application_name: assignment?.application?.name,
    client_type: row.clientType,
    client_id: row.clientId,
    client_secret: clientSecret,
    access_code_validity: row.accessCodeValidity,
    access_token_validity: row.accessTokenValidity,
    refresh_token_validity: row.refreshTokenValidity,
    include_claims_in_id_token: row.includeClaimsInIdToken,
    signing_key: row.signingKey ?? undefined,
    redirect_uris: row.redirectUris,
    sub_mode: row.subMode,
    issuer_mode: row.issuerMode,
    jwks_sources: row.jwksSources,
  };
}
