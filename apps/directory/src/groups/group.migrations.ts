import {
  attributesIndex,
  enableTenancy,
  type Migration,
  reference,
  TENANT_COLUMNS,
  trigramIndex,
} from '@postern/database';

const OWNED = `tenant_id uuid not null default current_setting('postern.tenant')::uuid`;

const USER_GROUP = `create table user_group (
  ${TENANT_COLUMNS},
  name varchar(80) not null,
  is_superuser boolean not null default false,
  attributes jsonb not null default '{}',
  parent_pk uuid,
  constraint user_group__name_parent unique (tenant_id, parent_pk, name),
  constraint user_group__not_own_parent check (parent_pk <> pk)
)`;

/** Tables of groups and of who and what hangs off them. */
export const GROUP_MIGRATIONS: readonly Migration[] = [
  {
    name: 'directory/0040-groups',
    up: [
      USER_GROUP,
      ...enableTenancy('user_group'),
      reference('user_group', 'parent_pk', 'user_group', 'set null'),
      'create index user_group__name on user_group (tenant_id, name, pk)',
      'create index user_group__is_superuser on user_group (tenant_id, is_superuser, pk)',
      trigramIndex('user_group', ['name']),

      `create table membership (${OWNED}, group_pk uuid not null, user_pk integer not null, primary key (group_pk, user_pk))`,
      ...enableTenancy('membership'),
      reference('membership', 'group_pk', 'user_group', 'cascade'),
      reference('membership', 'user_pk', 'user_account', 'cascade'),
      'create index membership__user on membership (tenant_id, user_pk, group_pk)',

      `create table group_role (${OWNED}, group_pk uuid not null, role_pk uuid not null, primary key (group_pk, role_pk))`,
      ...enableTenancy('group_role'),
      reference('group_role', 'group_pk', 'user_group', 'cascade'),
      reference('group_role', 'role_pk', 'role', 'cascade'),
      'create index group_role__role on group_role (tenant_id, role_pk)',

      `create table user_permission (${OWNED}, user_pk integer not null, permission text not null, primary key (user_pk, permission))`,
      ...enableTenancy('user_permission'),
      reference('user_permission', 'user_pk', 'user_account', 'cascade'),
    ],
  },
  { name: 'directory/0111-attributes-of-groups', up: [attributesIndex('user_group')] },
];
