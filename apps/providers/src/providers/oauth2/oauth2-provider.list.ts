import { boolean, custom, defineList, exact, raw } from '@postern/database';
import { OAuth2ProviderEntity } from './oauth2-provider.entity.ts';

/** Fields that a caller may both filter and order by, and the property of each. */
const PLAIN = {
  access_code_validity: 'accessCodeValidity',
  access_token_validity: 'accessTokenValidity',
  authorization_flow: 'authorizationFlow',
  client_id: 'clientId',
  client_type: 'clientType',
  issuer_mode: 'issuerMode',
  name: 'name',
  redirect_uris: 'redirectUris',
  refresh_token_validity: 'refreshTokenValidity',
  signing_key: 'signingKey',
  sub_mode: 'subMode',
} as const;

/** The list of OAuth2 providers. */
export const oauth2ProviderList = defineList({
  entity: OAuth2ProviderEntity,
  filters: {
    ...Object.fromEntries(Object.entries(PLAIN).map(([field, property]) => [field, exact(property)])),
    include_claims_in_id_token: boolean('includeClaimsInIdToken'),
    property_mappings: custom((value) => ({ propertyMappings: { $overlap: [value].flat() } })),
    application: custom((value) => {
      const serves = (alias: string) =>
        `exists (select 1 from application where provider_pk = "${alias}".pk and pk = ?)`;
      return { [raw(serves, [String(value)])]: true };
    }),
  },
  search: ['name'],
  ordering: {
    ...PLAIN,
    pk: 'pk',
    authentication_flow: 'authenticationFlow',
    include_claims_in_id_token: 'includeClaimsInIdToken',
  },
  defaultOrder: ['name'],
});
