import { enableTenancy, type Migration, reference, TENANT_COLUMNS } from '@postern/database';

const OWNED = `tenant_id uuid not null default current_setting('postern.tenant')::uuid`;

/** Tables of roles, and of the permissions that roles and users hold on everything. */
export const ROLE_MIGRATIONS: readonly Migration[] = [
  {
    name: 'directory/0020-roles',
    up: [
      `create table role (${TENANT_COLUMNS}, name varchar(150) not null, constraint role__name unique (tenant_id, name))`,
      ...enableTenancy('role'),
      `create table role_permission (${OWNED}, role_pk uuid not null, permission text not null, primary key (role_pk, permission))`,
      reference('role_permission', 'role_pk', 'role', 'cascade'),
      ...enableTenancy('role_permission'),
    ],
  },
];
