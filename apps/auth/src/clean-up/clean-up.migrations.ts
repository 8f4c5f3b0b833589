import { type Migration, sweptTable } from '@postern/database';

/** Finds rows that are over in every tenant. */
export const CLEAN_UP_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0090-clean-up',
    up: [
      ...sweptTable('session'),
      ...sweptTable('token', { where: 'expiring' }),
      ...sweptTable('user_consent', { where: 'expires is not null' }),
      ...sweptTable('flow_plan'),
      'drop index flow_plan__expires',
    ],
  },
];
