import { enableTenancy, type Migration } from '@postern/database';

// What a tenant was given once is not given again: an administrator may have deleted it.
const GIVEN = `create table given (
  tenant_id uuid not null default current_setting('postern.tenant')::uuid,
  what text not null,
  primary key (tenant_id, what)
)`;

/** Remembers what tenants started with. */
export const BOOTSTRAP_MIGRATIONS: readonly Migration[] = [
  { name: 'directory/0050-given', up: [GIVEN, ...enableTenancy('given')] },
];
