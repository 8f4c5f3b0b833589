import { anyOf, defineList, exact, referable } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { ScopeMappingEntity, type ScopeMappingRow } from './scope-mapping.entity.ts';

const MODEL = 'authentik_providers_oauth2.scopemapping';

/** What claims a scope gives, as a plain resource. */
export const scopeMappings: Resource<ScopeMappingRow, providers.ScopeMapping> = {
  model: MODEL,
  families: ['authentik_core.propertymapping'],
  type: 'postern.providers.v1.ScopeMapping',
  subject: 'providers.v1.scope_mapping',
  entity: ScopeMappingEntity,
  list: defineList({
    entity: ScopeMappingEntity,
    filters: { managed: anyOf('managed'), name: exact('name'), scope_name: exact('scopeName') },
    search: ['name', 'scopeName'],
    ordering: {
      managed: 'managed',
      name: 'name',
      scope_name: 'scopeName',
      description: 'description',
      expression: 'expression',
    },
    defaultOrder: ['scope_name', 'name'],
  }),
  fields: {
    managed: 'managed',
    name: 'name',
    expression: 'expression',
    scope_name: 'scopeName',
    description: 'description',
  },
  title: ({ name }) => name,
  encode: (rows) =>
    rows.map(({ pk, managed, name, expression, scopeName, description }) => ({
      pk,
      managed: managed ?? undefined,
      name,
      expression,
      component: 'ak-property-mapping-scope-form',
      verbose_name: 'Scope Mapping',
      verbose_name_plural: 'Scope Mappings',
      meta_model_name: MODEL,
      scope_name: scopeName,
      description,
    })),
  constraints: {
    property_mapping__name_key: () =>
      invalidField('name', 'Property Mapping with this name already exists.', 'PROPERTY_MAPPING_NAME_TAKEN'),
    property_mapping__managed_key: () =>
      invalidField('managed', 'Property Mapping with this Managed by authentik already exists.', 'MANAGED_TAKEN'),
  },
};

/** What others refer to. */
export const referableScopeMappings = referable(scopeMappings);
