import { enableTenancy, type Migration, sweptTable, TENANT_COLUMNS } from '@postern/database';

const POLICY = `create table policy (
  ${TENANT_COLUMNS},
  kind text not null,
  name text not null,
  execution_logging boolean not null default false,
  settings jsonb not null default '{}',
  constraint policy__name unique (tenant_id, name)
)`;

// A binding hangs off three tables by keys that no foreign key can say: a policy that was seeded after its bindings, and the keys of
// flows and of their bindings under which policies are bound. Whichever way a row goes, what is bound to it goes too.
const FORGET = `create function forget_policy_bindings() returns trigger language plpgsql as $$
begin
  execute format('delete from %I.policy_binding where %I = $1.%I', tg_table_schema, tg_argv[0], tg_argv[1]) using old;
  return null;
end $$`;

function forgetting(table: string, column: string, key: string): string {
  return `create trigger forget_policy_bindings after delete on ${table}
    for each row execute function forget_policy_bindings('${column}', '${key}')`;
}

const REPUTATION = `create table reputation (
  pk uuid primary key,
  tenant_id uuid not null default current_setting('postern.tenant')::uuid,
  identifier text not null,
  ip text not null,
  score integer not null default 0,
  updated timestamptz not null,
  expires timestamptz not null,
  constraint reputation__parties unique (tenant_id, identifier, ip)
)`;

/** Tables of policies. They follow those of flows, which hold the bindings. */
export const POLICY_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0050-policies',
    up: [
      POLICY,
      ...enableTenancy('policy'),
      FORGET,
      forgetting('policy', 'policy', 'pk'),
      forgetting('flow', 'target', 'policy_target'),
      forgetting('flow_stage_binding', 'target', 'policy_target'),
      'create index policy__kind on policy (tenant_id, kind, name)',
      'create index policy_binding__policy on policy_binding (tenant_id, policy)',
      'create index policy_binding__group on policy_binding (tenant_id, group_pk)',
      'create index policy_binding__user on policy_binding (tenant_id, user_pk)',
      'create index flow__policy_target on flow (tenant_id, policy_target)',
      'create index flow_stage_binding__policy_target on flow_stage_binding (tenant_id, policy_target)',
    ],
  },
  {
    name: 'auth/0051-reputation',
    up: [
      REPUTATION,
      ...enableTenancy('reputation'),
      ...sweptTable('reputation'),
      'create index reputation__ip on reputation (tenant_id, ip)',
    ],
  },
];
