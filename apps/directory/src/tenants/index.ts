/**
 * Tenants and the host names that they answer to. Their tables belong to no tenant; the default tenant has a fixed key and is there from
 * the first migration. A new one is announced, and every service gives it what a tenant starts with; one that goes is announced, and every
 * service deletes its rows. Operators reach the register with a key of its own (decision 220).
 */

export { createApiKeyGuard } from './api-key.guard.ts';
export { bindForOperators } from './operators.rpc.ts';
export { noteReady } from './ready.consumer.ts';
export { Domain, Tenant } from './tenant.entity.ts';
export { tenantErrors } from './tenant.errors.ts';
export { TENANT_MIGRATIONS } from './tenant.migrations.ts';
export { createTenants, type NewTenant, type Tenants, type TenantsDeps } from './tenant.operations.ts';
export { bindTenants } from './tenant.rpc.ts';
