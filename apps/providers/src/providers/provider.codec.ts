import type { EntityManager, PlainRow } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { ProviderRow } from './provider.entity.ts';
import { kindOf } from './provider.kinds.ts';

/** An application as providers name it. */
export type Assigned = { readonly slug: string; readonly name: string };

/** Which application uses a provider, in the foreground and in the background. */
export type Assignment = { readonly application?: Assigned; readonly backchannel?: Assigned };

/** Asks who uses providers, a page at a time. */
export type Assignments = (
  em: EntityManager,
  rows: readonly Pick<PlainRow<ProviderRow>, 'pk' | 'backchannelApplication'>[],
) => Promise<ReadonlyMap<number, Assignment>>;

/** What the messages of all kinds start with. */
export function encodeShared(
  row: Pick<PlainRow<ProviderRow>, 'pk' | 'kind' | 'name' | 'propertyMappings'>,
  assignment: Assignment | undefined,
) {
  const { model, component, verboseName, verboseNamePlural } = kindOf(row.kind);
  return {
    pk: row.pk,
    name: row.name,
    property_mappings: row.propertyMappings,
    component,
    assigned_backchannel_application_slug: assignment?.backchannel?.slug,
    assigned_backchannel_application_name: assignment?.backchannel?.name,
    verbose_name: verboseName,
    verbose_name_plural: verboseNamePlural,
    meta_model_name: model,
  };
}

/** The contract wants a key here, also of providers that no person passes through. */
const NO_FLOW = '00000000-0000-0000-0000-000000000000';

/** A provider of any kind, as lists and applications show it. */
export function encodeProvider(row: PlainRow<ProviderRow>, assignment: Assignment | undefined): providers.Provider {
  return {
    ...encodeShared(row, assignment),
    authentication_flow: row.authenticationFlow ?? undefined,
    authorization_flow: row.authorizationFlow ?? NO_FLOW,
    assigned_application_slug: assignment?.application?.slug,
    assigned_application_name: assignment?.application?.name,
  };
}

/** What the constraints that all kinds share mean. */
export const PROVIDER_CONSTRAINTS = {
  provider__name_key: () => invalidField('name', 'provider with this name already exists.', 'PROVIDER_NAME_TAKEN'),
};

/** Whether a caller may see what only those who could also change it should. */
export function maySeeSecrets(
  { principal }: { principal: { kind: string; superuser?: boolean; permissions?: readonly string[] } },
  model: string,
): boolean {
  if (principal.kind === 'service') return true;
  const permission = model.replace('.', '.change_');
  return principal.superuser === true || (principal.permissions ?? []).includes(permission);
}
