import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** A mapping of any kind: a small program that makes values. All kinds share one table, so that a name is unique across them. */
export const PropertyMappingEntity = defineEntity({
  name: 'PropertyMapping',
  tableName: 'property_mapping',
  discriminatorColumn: 'kind',
  discriminatorValue: '',
  properties: {
    ...tenantTable(),
    kind: p.text(),
    name: p.text(),
    /** Name under which the platform keeps it; null for mappings of people. */
    managed: p.text().nullable(),
    /** Body of a function in Python. */
    expression: p.text(),
  },
});

export type PropertyMappingRow = InferEntity<typeof PropertyMappingEntity>;
