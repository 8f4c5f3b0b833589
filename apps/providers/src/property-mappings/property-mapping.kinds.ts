/** What a kind of property mapping is called. */
export type MappingKind = {
  /** Value of `kind` in the table; of kinds that another service keeps, how they are told apart here. */
  readonly kind: string;
  /** Model label. */
  readonly model: string;
  /** First words of the subjects of its events. */
  readonly subject: string;
  readonly component: string;
  readonly verboseName: string;
  readonly verboseNamePlural: string;
  readonly description: string;
};

/** A mapping of any kind, as lists show it. */
export type AnyMapping = {
  readonly pk: string;
  readonly kind: string;
  readonly managed: string | null;
  readonly name: string;
  readonly expression: string;
};

export const SCOPE_KIND: MappingKind = {
  kind: 'scope',
  model: 'authentik_providers_oauth2.scopemapping',
  subject: 'providers.v1.scope_mapping',
  component: 'ak-property-mapping-scope-form',
  verboseName: 'Scope Mapping',
  verboseNamePlural: 'Scope Mappings',
  description: 'Makes the claims that a scope of OAuth 2 gives.',
};

/** Kept by `tasks`, beside the transports that use them. */
export const WEBHOOK_KIND: MappingKind = {
  kind: 'webhook',
  model: 'authentik_events.notificationwebhookmapping',
  subject: 'tasks.v1.notification_mapping',
  component: 'ak-property-mapping-notification-form',
  verboseName: 'Webhook Mapping',
  verboseNamePlural: 'Webhook Mappings',
  description: 'Makes the body of a webhook out of a notification.',
};

/** All kinds, by name. */
export const MAPPING_KINDS: readonly MappingKind[] = [SCOPE_KIND, WEBHOOK_KIND];

/** Label under which fields refer to property mappings of any kind. */
export const MAPPING_FAMILY = 'authentik_core.propertymapping';

/** The kind of a row. Throws for a row that a newer release wrote. */
export function kindOf(kind: string): MappingKind {
  const found = MAPPING_KINDS.find((one) => one.kind === kind);
  if (!found) throw new Error(`there are no property mappings of kind ${kind}`);
  return found;
}
