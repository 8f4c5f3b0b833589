import { defineList, exact, referable } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { ApplicationEntity, type ApplicationRow } from './application.entity.ts';
import { encodeApplications } from './application.view.ts';

/** Fields that are found and ordered by, and the property of each. */
const PLAIN = {
  name: 'name',
  slug: 'slug',
  meta_launch_url: 'metaLaunchUrl',
  meta_description: 'metaDescription',
  meta_publisher: 'metaPublisher',
  group: 'group',
} as const;

/** What people open. Background providers are set beside it: they are rows of another table. */
export const applications: Resource<ApplicationRow, providers.Application> = {
  model: 'authentik_core.application',
  families: ['authentik_policies.policybindingmodel'],
  type: 'postern.providers.v1.Application',
  subject: 'providers.v1.application',
  entity: ApplicationEntity,
  key: 'slug',
  list: defineList({
    entity: ApplicationEntity,
    filters: Object.fromEntries(Object.entries(PLAIN).map(([field, property]) => [field, exact(property)])),
    search: Object.values(PLAIN),
    ordering: {
      ...PLAIN,
      provider: 'provider',
      open_in_new_tab: 'openInNewTab',
      policy_engine_mode: 'policyEngineMode',
    },
    defaultOrder: ['name'],
  }),
  fields: {
    ...PLAIN,
    provider: 'provider',
    open_in_new_tab: 'openInNewTab',
    policy_engine_mode: (row, mode) => {
      row.policyEngineMode = mode === 'all' ? 'all' : 'any';
    },
  },
  title: ({ name }) => name,
  encode: encodeApplications,
  constraints: {
    application__slug_key: () => invalidField('slug', 'Application with this slug already exists.', 'SLUG_TAKEN'),
    application__provider_key: () =>
      invalidField('provider', 'Application with this provider already exists.', 'PROVIDER_TAKEN'),
  },
};

/** What others refer to: by key, although paths name the slug. */
export const referableApplications = referable(applications);
