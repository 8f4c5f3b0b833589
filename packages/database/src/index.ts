/** MikroORM per app, tenants by row-level security, lists, masks, migrations, encrypted columns. */

export { defineEntity, type InferEntity, p, raw } from '@mikro-orm/core';
export type { EntityManager } from '@mikro-orm/postgresql';
export {
  connectDatabase,
  type Database,
  type DatabaseOptions,
  type QueryTiming,
  type TenantScope,
  type Work,
  type WriteScope,
} from './connect-database.ts';
export { deriveKey } from './derive-key.ts';
export type { DatabaseLog } from './log.ts';
export type { Migration } from './migrate.ts';
export {
  countedTable,
  enableTenancy,
  type ReferenceEnd,
  reference,
  TENANT_COLUMNS,
  trigramIndex,
} from './migration-sql.ts';
export { secret } from './secret.type.ts';
export { createSecretBox, type SecretBox } from './secret-box.ts';
export { DEFAULT_TENANT, seedId, tenantColumn, tenantTable, timestamps, uuidKey } from './tenancy.ts';
