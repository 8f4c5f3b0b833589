import { enableTenancy, type Migration } from '@postern/database';

const key = (holder: string) =>
  `create unique index object_grant__${holder} on object_grant (tenant_id, permission, ${holder}_pk, object_pk) where ${holder}_pk is not null`;

/** What users and roles hold on single objects, as each app remembers it for its own lists. The truth is in the directory. */
export const GRANTS_MIGRATION: Migration = {
  name: 'service/0010-object-grants',
  up: [
    `create table object_grant (
      tenant_id uuid not null default current_setting('postern.tenant')::uuid,
      permission text not null,
      model text not null,
      object_pk text not null,
      user_pk integer,
      role_pk uuid
    )`,
    ...enableTenancy('object_grant'),
    key('user'),
    key('role'),
    'create index object_grant__object on object_grant (tenant_id, model, object_pk)',
  ],
};
