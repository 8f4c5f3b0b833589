import { enableTenancy, type Migration, sweptTable } from '@postern/database';

/** What attempts leave: one row for each account, network or device that somebody tried from lately. */
export const LOCKOUT_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0175-attempts',
    up: [
      // Rows are written far more often than they come and go: room on their pages keeps indexes out of it.
      `create table attempt_budget (
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        key text not null,
        used double precision not null,
        updated timestamptz not null,
        expires timestamptz not null,
        primary key (tenant_id, key)
      ) with (fillfactor = 70)`,
      ...enableTenancy('attempt_budget'),
      ...sweptTable('attempt_budget'),
    ],
  },
];
