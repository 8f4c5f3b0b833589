import { anyOf, defineList, exact, referable } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { MAPPING_FAMILY, SCOPE_KIND } from '../property-mapping.kinds.ts';
import { ScopeMappingEntity, type ScopeMappingRow } from './scope-mapping.entity.ts';

/** What claims a scope gives, as a plain resource. */
export const scopeMappings: Resource<ScopeMappingRow, providers.ScopeMapping> = {
  model: SCOPE_KIND.model,
  families: [MAPPING_FAMILY],
  type: 'postern.providers.v1.ScopeMapping',
  subject: SCOPE_KIND.subject,
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
      component: SCOPE_KIND.component,
      verbose_name: SCOPE_KIND.verboseName,
      verbose_name_plural: SCOPE_KIND.verboseNamePlural,
      meta_model_name: SCOPE_KIND.model,
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
