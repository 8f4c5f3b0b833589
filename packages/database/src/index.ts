/** MikroORM per app, tenants by row-level security, lists, masks, migrations, encrypted columns. */

export { defineEntity, type EntityName, type InferEntity, p, raw } from '@mikro-orm/core';
export type { EntityManager } from '@mikro-orm/postgresql';
export { type Allowed, applyMask, type MaskTarget } from './apply-mask.ts';
export { type Batch, type BatchOptions, createBatch } from './batches/batch.ts';
export { type Bundle, type Bundles, createBundles } from './batches/bundle.ts';
export { createGroupCommit, type GroupCommit, type GroupCommitOptions } from './batches/group-commit.ts';
export { createLookup, type Lookup, type LookupOptions } from './batches/lookup.ts';
export { changeSetErrors } from './change-sets/change-set.errors.ts';
export type { ChangeSetScope, ChangeSets } from './change-sets/change-sets.ts';
export {
  connectDatabase,
  type Database,
  type DatabaseOptions,
  type TenantScope,
  type Work,
  type WriteScope,
} from './connect-database.ts';
export { type ConstraintError, constraintOf, onConstraint } from './constraints.ts';
export { deriveKey } from './derive-key.ts';
export { prepared } from './lane/statement.ts';
export type { Condition } from './list/condition.ts';
export { COUNT_CAP, type Count } from './list/count.ts';
export { defineList, type List, type ListRequest } from './list/define-list.ts';
export {
  anyOf,
  attributes,
  boolean,
  contains,
  custom,
  exact,
  type Filter,
  icontains,
  isNull,
  some,
  startsWith,
} from './list/filters.ts';
export { listErrors } from './list/list.errors.ts';
export { type ListScope, listEntities, listPage, listQuery, type Page } from './list/list-page.ts';
export { type OrderStep, orderOf } from './list/order.ts';
export { type Pagination, pagesOf, paginate, readPage, readSize } from './list/pagination.ts';
export type { PlainRow } from './list/plain-row.ts';
export { rowByKey } from './list/row-by-key.ts';
export { booleanText, holding, type SearchColumn, textOf, uuidText } from './list/search.ts';
export { asChoice, asNumber, asText, asUuid, isInteger, isUuid, type Parse } from './list/value.ts';
export type { DatabaseLog } from './log.ts';
export type { Migration } from './migrate.ts';
export {
  attributesIndex,
  countedTable,
  enableTenancy,
  expectOneTenant,
  expectUnique,
  type ReferenceEnd,
  reference,
  TENANT_COLUMNS,
  trigramIndex,
} from './migration-sql.ts';
export { newId } from './new-id.ts';
export { asLast } from './packed-transactions.ts';
export { patientDatabase } from './patient-database.ts';
export type { QueryTiming } from './query-timing.ts';
export { collectUsedBy, type UsedByClient } from './references/collect-used-by.ts';
export { createReferences, type References, type ReferencesDeps, type UsedBy } from './references/create-references.ts';
export type { Action } from './references/link.ts';
export {
  type KeyColumn,
  keyColumnOf,
  type Named,
  type Referable,
  type ReferableDeclaration,
  referable,
} from './references/referable.ts';
export { reseal } from './reseal.ts';
export { type Constraints, createFrom, deleteOne, getOr404, type RowKey, updateFrom, type Where } from './resource.ts';
export { secret } from './secret.type.ts';
export { createSecretBox, type SecretBox } from './secret-box.ts';
export { type Sweep, type SweepBatch, sweepExpired } from './sweep/sweep-expired.ts';
export { type SweptColumn, sweptTable } from './sweep/swept-table.ts';
export { DEFAULT_TENANT, seedId, tenantColumn, tenantOf, tenantTable, timestamps, uuidKey } from './tenancy.ts';
