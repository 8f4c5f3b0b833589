import { sweptTable } from '@postern/database';

/**
 * What lists and series ask of an event, as columns: behind row-level security only plain columns reach an index, because reading JSON does
 * not count as leak-proof. They are derived by the database, so that no way of writing an event forgets them, and cut, because an index takes
 * no long texts.
 */

const derived = (name: string, value: string) =>
  `alter table event add column ${name} text generated always as (left(${value}, 200)) stored`;

// The planner cannot know whose rows it will read, and takes the average tenant. One tenant may have them all: plans that bear that are fast for small ones, too.
/** How partitions tell the planner so. */
export const ONE_TENANT = 'alter column tenant_id set (n_distinct = 1)';

/** Statements that add the columns and their indexes, in place of those on expressions. */
export const EVENT_COLUMNS: readonly string[] = [
  derived('username', `"user" ->> 'username'`),
  derived('user_pk', `"user" ->> 'pk'`),
  derived('brand_name', `brand ->> 'name'`),
  derived('model_app', `context -> 'model' ->> 'app'`),
  derived('model_name', `context -> 'model' ->> 'model_name'`),
  derived('model_pk', `context -> 'model' ->> 'pk'`),
  derived('application', `context -> 'authorized_application' ->> 'pk'`),
  derived('attempted', `context ->> 'username'`),
  'drop index event__created, event__action, event__client_ip, event__username, event__model, event__application, event__expires',
  'create index event__created on event (tenant_id, created, pk)',
  'create index event__action on event (tenant_id, action, created)',
  'create index event__client_ip on event (tenant_id, client_ip, created)',
  'create index event__username on event (tenant_id, username, created)',
  'create index event__user_pk on event (tenant_id, user_pk, action, created)',
  'create index event__brand_name on event (tenant_id, brand_name, created)',
  'create index event__model_app on event (tenant_id, model_app, created) where model_app is not null',
  'create index event__model_name on event (tenant_id, model_name, created) include (model_app) where model_name is not null',
  'create index event__model_pk on event (tenant_id, model_pk, created) where model_pk is not null',
  'create index event__application on event (tenant_id, application, created) include (action) where application is not null',
  'create index event__attempted on event (tenant_id, attempted, created) include (action) where attempted is not null',
  ...sweptTable('event'),
  `alter table event ${ONE_TENANT}`,
  `alter table event_unplanned ${ONE_TENANT}`,
];
