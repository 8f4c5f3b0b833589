import {
  asNumber,
  asUuid,
  defineEntity,
  defineList,
  exact,
  type InferEntity,
  p,
  tenantColumn,
  timestamps,
} from '@postern/database';
import { Account } from '../accounts/index.ts';

/** What a person lets an application have; one row for both. Stages write them (`stages/consent.repository.ts`). */
export const Consent = defineEntity({
  name: 'UserConsent',
  tableName: 'user_consent',
  properties: {
    pk: p.integer().primary().autoincrement(),
    tenant: tenantColumn(),
    ...timestamps(),
    user: () => p.manyToOne(Account).deleteRule('cascade'),
    /** Key of the application, which `providers` keeps. */
    application: p.uuid(),
    /** Ids, apart by spaces. */
    permissions: p.text().default(''),
    /** Null for one that does not end. */
    expires: p.datetime().nullable(),
  },
  uniques: [{ name: 'user_consent__parties', properties: ['tenant', 'user', 'application'] }],
});

export type ConsentRow = InferEntity<typeof Consent>;

/** What the list of consents offers. */
export const consentList = defineList({
  entity: Consent,
  filters: { user: exact('user', asNumber), application: exact('application', asUuid) },
  search: ['user.username'],
  ordering: {
    pk: 'pk',
    user: 'user',
    user__username: 'user.username',
    application: 'application',
    permissions: 'permissions',
    expires: 'expires',
  },
  defaultOrder: ['application', 'expires'],
});
