/** The directory: who exists. Users, groups, roles, brands, tenants. */

export { directory } from './app.ts';
export { bootstrapUuid } from './bootstrap/index.ts';
