import { lazy } from 'react';
import { textOf } from '../../executor/wire.codec.ts';
import type { Resource } from '../resource/resource.ts';
import { events } from './events.resource.ts';
import { policyBindings } from './flows.resource.ts';

const ClientDialog = lazy(async () => ({ default: (await import('../client/client.dialog.tsx')).ClientDialog }));

export const applications: Resource = {
  place: 'core/applications',
  group: 'applications',
  words: 'applications',
  path: '/core/applications/',
  model: 'authentik_core.application',
  key: 'slug',
  title: 'name',
  subtitle: 'meta_publisher',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'group', sort: 'group' },
    { field: 'provider_obj.name' },
    { field: 'launch_url', isWide: true },
  ],
  ordering: 'name',
  filters: ['group'],
  listActions: [{ name: 'createClient', dialog: ClientDialog }],
  fields: [
    'name',
    'slug',
    'group',
    'provider',
    'backchannel_providers',
    'policy_engine_mode',
    'meta_launch_url',
    'open_in_new_tab',
    'meta_description',
    'meta_publisher',
  ],
  related: [
    {
      resource: () => policyBindings,
      fixed: (row) => ({ target: textOf(row, 'pk') }),
      given: ({ pk }) => ({ target: pk }),
    },
    { resource: () => events, fixed: (row) => ({ context_authorized_app: textOf(row, 'pk') }) },
  ],
};

export const providers: Resource = {
  place: 'core/providers',
  group: 'applications',
  words: 'providers',
  path: '/providers/all/',
  key: 'pk',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'assigned_application_name' },
    { field: 'verbose_name', isWide: true },
  ],
  ordering: 'name',
  filters: ['application__isnull'],
  family: { prefix: '/providers/', types: '/providers/all/types/', component: 'ak-provider-' },
  extras: [{ name: 'setupUrls', path: '/providers/oauth2/{id}/setup_urls/' }],
  related: [{ resource: () => accessTokens, fixed: (row) => ({ provider: String(row.pk) }) }],
};

export const accessTokens: Resource = {
  place: 'core/access-tokens',
  group: 'applications',
  words: 'accessTokens',
  path: '/oauth2/access_tokens/',
  key: 'pk',
  title: 'user.username',
  columns: [{ field: 'user.username' }, { field: 'scope' }, { field: 'expires', sort: 'expires' }],
  isPart: true,
};

export const mappings: Resource = {
  place: 'core/property-mappings',
  group: 'applications',
  words: 'mappings',
  path: '/propertymappings/scope/',
  model: 'authentik_providers_oauth2.scopemapping',
  key: 'pk',
  title: 'name',
  subtitle: 'description',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'scope_name', sort: 'scope_name' },
    { field: 'managed', isWide: true },
  ],
  ordering: 'name',
  filters: ['scope_name'],
  fields: ['name', 'scope_name', 'description', 'expression'],
};

export const sources: Resource = {
  place: 'core/sources',
  group: 'applications',
  words: 'sources',
  path: '/sources/oauth/',
  model: 'authentik_sources_oauth.oauthsource',
  key: 'slug',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'provider_type', sort: 'provider_type' },
    { field: 'enabled', sort: 'enabled' },
  ],
  ordering: 'name',
  filters: ['enabled', 'provider_type'],
};
