/** Two tables of a tenant, related in both ways, as the tests of this package need them. */

import {
  countedTable,
  defineEntity,
  enableTenancy,
  p,
  reference,
  TENANT_COLUMNS,
  tenantTable,
  trigramIndex,
} from './index.ts';

export const Team = defineEntity({
  name: 'Team',
  tableName: 'team',
  properties: {
    ...tenantTable(),
    name: p.string().length(80),
    parent: () => p.manyToOne(Team).nullable().deleteRule('set null'),
  },
  uniques: [{ name: 'team__name_key', properties: ['tenant', 'name'] }],
});

export const Person = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: {
    ...tenantTable(),
    username: p.text(),
    isActive: p.boolean().default(true),
    age: p.integer().nullable(),
    tags: p.array().default([]),
    attributes: p.json<Record<string, unknown>>().default('{}'),
    team: () => p.manyToOne(Team).nullable().deleteRule('set null'),
    memberships: () => p.manyToMany(Team).pivotEntity(() => Membership),
  },
});

export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    tenant: tenantTable().tenant,
    person: () => p.manyToOne(Person).primary().deleteRule('cascade'),
    team: () => p.manyToOne(Team).primary().deleteRule('cascade'),
  },
});

export const people = {
  schema: 'people',
  entities: [Team, Person, Membership],
  migrations: [
    {
      name: 'people/0001-teams',
      up: [
        `create table team (${TENANT_COLUMNS}, name varchar(80) not null, parent_pk uuid,
          constraint team__name_key unique (tenant_id, name), constraint team__name_check check (name <> ''))`,
        reference('team', 'parent_pk', 'team', 'set null'),
        ...enableTenancy('team'),
      ],
    },
    {
      name: 'people/0002-persons',
      up: [
        `create table person (${TENANT_COLUMNS}, username text not null, is_active boolean not null default true, age int,
          tags text[] not null default '{}', attributes jsonb not null default '{}', team_pk uuid)`,
        'create index person__username on person (tenant_id, username, pk)',
        reference('person', 'team_pk', 'team', 'set null'),
        ...enableTenancy('person'),
        ...countedTable('person'),
        trigramIndex('person', ['username']),
        `create table membership (tenant_id uuid not null default current_setting('postern.tenant')::uuid,
          person_pk uuid not null, team_pk uuid not null, primary key (person_pk, team_pk))`,
        reference('membership', 'person_pk', 'person', 'cascade'),
        reference('membership', 'team_pk', 'team', 'cascade'),
        ...enableTenancy('membership'),
      ],
    },
  ],
};
