import { defineEntity, type InferEntity, p } from '@postern/database';
import { PropertyMappingEntity } from '../property-mapping.entity.ts';

/** What claims a scope gives. */
export const ScopeMappingEntity = defineEntity({
  name: 'ScopeMapping',
  extends: PropertyMappingEntity,
  discriminatorValue: 'scope',
  properties: {
    scopeName: p.text(),
    description: p.text().default(''),
  },
});

export type ScopeMappingRow = InferEntity<typeof ScopeMappingEntity>;
