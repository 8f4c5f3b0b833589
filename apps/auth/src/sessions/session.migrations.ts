import { enableTenancy, type Migration, reference, TENANT_COLUMNS, trigramIndex } from '@postern/database';

/** The table of sessions. */
export const SESSION_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0023-sessions',
    up: [
      `create table session (
        ${TENANT_COLUMNS},
        key text not null,
        user_pk integer not null,
        method text not null,
        method_args jsonb not null default '{}',
        since timestamptz not null,
        last_ip text not null default '',
        last_user_agent text not null default '',
        last_used timestamptz not null,
        expires timestamptz not null,
        constraint session__key unique (tenant_id, key)
      )`,
      ...enableTenancy('session'),
      reference('session', 'user_pk', 'account', 'cascade'),
      'create index session__user on session (tenant_id, user_pk, expires)',
      'create index session__last_used on session (tenant_id, last_used)',
      'create index session__expires on session (tenant_id, expires)',
      trigramIndex('session', ['last_ip', 'last_user_agent']),
    ],
  },
  {
    name: 'auth/0171-impersonation',
    up: [
      'alter table session add column impersonated_pk integer',
      // A session in which somebody acts as a user who is gone ends: nobody becomes themselves again without asking for it.
      reference('session', 'impersonated_pk', 'account', 'cascade'),
      'create index session__impersonated on session (tenant_id, impersonated_pk) where impersonated_pk is not null',
    ],
  },
  {
    // People name their sessions by numbers; keys open them, and are told to nobody.
    name: 'auth/0245-session-numbers',
    up: ['alter table session add column number bigint generated always as identity'],
  },
];
