/** What a kind of provider is called. */
export type ProviderKind = {
  /** Value of `kind` in the table. */
  readonly kind: string;
  /** Model label. */
  readonly model: string;
  /** First words of the subjects of its events. */
  readonly subject: string;
  readonly component: string;
  readonly verboseName: string;
  readonly verboseNamePlural: string;
  readonly description: string;
  /** Works for applications in the background only. */
  readonly isBackchannel: boolean;
};

export const OAUTH2_KIND: ProviderKind = {
  kind: 'oauth2',
  model: 'authentik_providers_oauth2.oauth2provider',
  subject: 'providers.v1.oauth2_provider',
  component: 'ak-provider-oauth2-form',
  verboseName: 'OAuth2/OpenID Provider',
  verboseNamePlural: 'OAuth2/OpenID Providers',
  description: 'Signs people in to applications by OAuth 2 and OpenID Connect.',
  isBackchannel: false,
};

export const SCIM_KIND: ProviderKind = {
  kind: 'scim',
  model: 'authentik_providers_scim.scimprovider',
  subject: 'providers.v1.scim_provider',
  component: 'ak-provider-scim-form',
  verboseName: 'SCIM Provider',
  verboseNamePlural: 'SCIM Providers',
  description: 'Creates users and groups in applications by SCIM 2.0.',
  isBackchannel: true,
};

/** All kinds, by name. */
export const PROVIDER_KINDS: readonly ProviderKind[] = [OAUTH2_KIND, SCIM_KIND];

/** Label under which fields refer to providers of any kind. */
export const PROVIDER_FAMILY = 'authentik_core.provider';

/** The kind of a row. Throws for a row that a newer release wrote. */
export function kindOf(kind: string): ProviderKind {
  const found = PROVIDER_KINDS.find((one) => one.kind === kind);
  if (!found) throw new Error(`there are no providers of kind ${kind}`);
  return found;
}
