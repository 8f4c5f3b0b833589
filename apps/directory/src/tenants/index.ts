/**
 * Tenants and the host names that they answer to. Their tables belong to no tenant; the default tenant has a fixed key and is there from
 * the first migration. A new one is announced, and every service gives it what a tenant starts with.
 */

export { tenantErrors } from './tenant.errors.ts';
export { TENANT_MIGRATIONS } from './tenant.migrations.ts';
export { createTenants, type NewTenant, type Tenants, type TenantsDeps } from './tenant.operations.ts';
export { bindTenants } from './tenant.rpc.ts';
