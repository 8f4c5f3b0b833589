/** Small programs that make the values which providers send and sources receive: one table, one folder per kind. */

export { PropertyMappingEntity, type PropertyMappingRow } from './property-mapping.entity.ts';
export { ScopeMappingEntity, type ScopeMappingRow } from './scope/scope-mapping.entity.ts';
