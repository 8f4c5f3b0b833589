import { boolean, type Database, defineList, exact, referable } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { type Assignments, encodeShared, maySeeSecrets, PROVIDER_CONSTRAINTS } from '../provider.codec.ts';
import { PROVIDER_FAMILY, SCIM_KIND } from '../provider.kinds.ts';
import { ScimProviderEntity, type ScimProviderRow } from './scim-provider.entity.ts';

const TYPE = 'postern.providers.v1.SCIMProvider';
const ORDERING = { name: 'name', url: 'url', filter_group: 'filterGroup' } as const;

/** What others refer to, and what it refers to. */
export const referableScimProviders = referable({
  model: SCIM_KIND.model,
  type: TYPE,
  entity: ScimProviderEntity,
  title: ({ name }) => name,
});

const list = defineList({
  entity: ScimProviderEntity,
  filters: {
    name: exact('name'),
    url: exact('url'),
    filter_group: exact('filterGroup'),
    exclude_users_service_account: boolean('excludeUsersServiceAccount'),
  },
  search: ['name', 'url'],
  ordering: { ...ORDERING, pk: 'pk', exclude_users_service_account: 'excludeUsersServiceAccount' },
  defaultOrder: ['name', 'url'],
});

type Deps = { secrets: Database['secrets']; assignments: Assignments };

/** Services that users and groups are sent to, as a plain resource. */
export function scimProviders({ secrets, assignments }: Deps): Resource<ScimProviderRow, providers.SCIMProvider> {
  return {
    model: SCIM_KIND.model,
    families: [PROVIDER_FAMILY],
    type: TYPE,
    subject: SCIM_KIND.subject,
    entity: ScimProviderEntity,
    list,
    fields: {
      name: 'name',
      property_mappings: 'propertyMappings',
      property_mappings_group: 'propertyMappingsGroup',
      url: 'url',
      token: 'token',
      exclude_users_service_account: 'excludeUsersServiceAccount',
      filter_group: 'filterGroup',
    },
    title: ({ name }) => name,
    async encode(rows, { em, call }) {
      const assigned = await assignments(em, rows);
      const isShown = maySeeSecrets(call.context, SCIM_KIND.model);
      return rows.map((row) => ({
        ...encodeShared(row, assigned.get(row.pk)),
        property_mappings_group: row.propertyMappingsGroup,
        url: row.url,
        token: isShown ? secrets.open(row.token, 'provider.scim_token') : '',
        exclude_users_service_account: row.excludeUsersServiceAccount,
        filter_group: row.filterGroup ?? undefined,
      }));
    },
    constraints: PROVIDER_CONSTRAINTS,
  };
}
